# Does "$2" to the unit "$1"; when that fails, its last lines go to the standard error output.
unit=$1 action=$2
if [ "$(systemctl show --property=NeedDaemonReload "$unit")" = NeedDaemonReload=yes ]; then
    systemctl daemon-reload || exit
fi
case $action in
start | restart)
    # Forgets that it failed too often to be started again.
    [ "$(systemctl show --property=ActiveState "$unit")" != ActiveState=failed ] || systemctl reset-failed "$unit"
    ;;
esac
systemctl --no-ask-password --quiet "$action" "$unit" && exit
code=$?
case $action in
start | restart | stop)
    echo "the last lines of its log:" >&2
    journalctl --unit="$unit" --lines=20 --no-pager --output=cat >&2 ||
        systemctl status --no-pager --lines=20 "$unit" >&2
    ;;
esac
exit "$code"
