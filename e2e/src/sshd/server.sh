# The first process of a namespace with an SSH server: its users, and then the server itself.
# $1 is the folder of the server, $2 the hash of everybody's password.
set -e
folder=$1
hash=$2
mkdir -p "$folder/etc" "$folder/home" "$folder/lock" "$folder/sudoers.d"
chmod 1777 "$folder/lock"

# user, number, home
{
    grep -v -e '^root:' /etc/passwd
    echo "root:x:0:0::$folder/home/root:/bin/bash"
    echo "ops:x:3001:3001::$folder/home/ops:/bin/sh"
    echo "admin:x:3002:3002::$folder/home/admin:/bin/bash"
    echo "careful:x:3003:3003::$folder/home/careful:/bin/bash"
} >"$folder/etc/passwd"
{
    cat /etc/group
    printf '%s:x:%s:\n' ops 3001 admin 3002 careful 3003
} >"$folder/etc/group"
{
    grep -v -e '^root:' /etc/shadow
    for user in root ops admin careful; do
        echo "$user:$hash:19000:0:99999:7:::"
    done
} >"$folder/etc/shadow"
chmod 600 "$folder/etc/shadow"
for user in ops:3001 admin:3002 careful:3003 root:0; do
    mkdir -p "$folder/home/${user%:*}"
    chown "${user#*:}:${user#*:}" "$folder/home/${user%:*}"
done
echo 'admin ALL=(ALL) NOPASSWD: ALL' >"$folder/sudoers.d/admin"
echo 'careful ALL=(ALL) ALL' >"$folder/sudoers.d/careful"
chmod 440 "$folder"/sudoers.d/*

mkdir -p /run/sshd /run/lock
mount --make-rprivate /
for file in passwd group shadow; do
    mount --bind "$folder/etc/$file" "/etc/$file"
done
if test -d /etc/sudoers.d; then
    mount --bind "$folder/sudoers.d" /etc/sudoers.d
fi
mount --bind "$folder/lock" /run/lock
exec /usr/sbin/sshd -D -e -f "$folder/sshd_config"
