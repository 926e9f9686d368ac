# The properties of the units "$@", a paragraph each, in this order; and the clock, for a systemd that tells
# times by whole seconds only.
properties=Id,LoadState,UnitFileState,ActiveState,SubState,Result,NeedDaemonReload,ActiveEnterTimestamp
properties=$properties,ActiveEnterTimestampMonotonic,ExecMainStartTimestamp,ExecMainStartTimestampMonotonic
read -r up _ </proc/uptime
echo "clock $(date +%s.%N) $up"
systemctl show --no-pager --timestamp=us+utc --property="$properties" "$@" 2>/dev/null && return
echo again
systemctl show --no-pager --property="$properties" "$@" 2>&1
