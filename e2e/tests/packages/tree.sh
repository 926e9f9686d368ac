# This machine's own tree under an overlay that is gone with this process: everything that is
# installed is there, and nothing that is changed lasts.
set -eu
base=$1
mount -t tmpfs -o mode=755,size=500m tmpfs "$base"
mkdir "$base/upper" "$base/work" "$base/root"
mount -t overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" overlay "$base/root"
cd "$base/root"
mount --rbind /dev dev
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p run/lock
# What enters it looks for this before it does anything.
touch run/harmony-e2e-tree
exec chroot . sh -c 'echo ready; read -r _'
