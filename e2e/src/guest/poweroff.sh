#!/bin/sh
# Called by acpid when the power button is pressed.
echo "harmony-guest poweroff" >/dev/ttyS0
sync
poweroff -f
