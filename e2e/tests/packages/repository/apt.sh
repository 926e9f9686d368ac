# Six packages, and nothing else in the world.
deb() {
    tree=/tmp/build/$1-$2
    mkdir -p "$tree/DEBIAN" "$tree/usr/share/$1" "$tree/etc" /srv/repository
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: E2E <e2e@example.org>\nDescription: a test\n' \
        "$1" "$2" >"$tree/DEBIAN/control"
    [ -z "${3:-}" ] || echo "$3" >>"$tree/DEBIAN/control"
    echo "$2" >"$tree/usr/share/$1/version"
    echo "$2" >"$tree/etc/$1.conf"
    echo "/etc/$1.conf" >"$tree/DEBIAN/conffiles"
    [ ! -e "/tmp/$1.postinst" ] || install -m 755 "/tmp/$1.postinst" "$tree/DEBIAN/postinst"
    dpkg-deb --build "$tree" "/srv/repository/$1_$2_all.deb" >/dev/null
}
index() { (cd /srv/repository && dpkg-scanpackages -m . 2>/dev/null >Packages); }
printf '#!/bin/sh\ntouch /run/slow\nwhile [ ! -e /run/go ]; do sleep 0.05; done\n' >/tmp/h-slow.postinst
deb h-one 1.0
deb h-one 2.0
deb h-two 1.0 'Depends: h-three'
deb h-three 1:3-1
deb h-foe 1 'Conflicts: h-three'
deb h-giver 1 'Provides: h-given'
deb h-slow 1
index
rm -rf /etc/apt/sources.list.d /var/lib/apt/lists /var/lib/apt/periodic /var/cache/apt/*.bin
mkdir -p /var/lib/apt/lists
echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list
