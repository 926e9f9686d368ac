# A package is an archive with a .PKGINFO; a repository is an archive of descriptions.
mkdir -p /srv/repository /tmp/db
package() {
    tree=/tmp/build/$1
    file=$1-$2-any.pkg.tar.gz
    mkdir -p "$tree/etc" "/tmp/db/$1-$2"
    echo "$2" >"$tree/etc/$1.conf"
    printf 'pkgname = %s\npkgver = %s\narch = any\nsize = 1\nbackup = etc/%s.conf\n' "$1" "$2" "$1" >"$tree/.PKGINFO"
    [ -z "${4:-}" ] || echo "$3 = $4" >>"$tree/.PKGINFO"
    tar -C "$tree" -czf "/srv/repository/$file" .PKGINFO etc
    {
        printf '%%FILENAME%%\n%s\n\n%%NAME%%\n%s\n\n%%VERSION%%\n%s\n\n%%ARCH%%\nany\n\n' "$file" "$1" "$2"
        printf '%%CSIZE%%\n%s\n\n' "$(stat -c %s "/srv/repository/$file")"
        printf '%%SHA256SUM%%\n%s\n\n' "$(sha256sum "/srv/repository/$file" | cut -d' ' -f1)"
        [ -z "${4:-}" ] || printf '%%%s%%\n%s\n\n' "$5" "$4"
    } >"/tmp/db/$1-$2/desc"
}
package h-one 2.0-1
package h-two 1.0-1 depend h-three DEPENDS
package h-three 1:3-1
package h-foe 1-1 conflict h-three CONFLICTS
(cd /tmp/db && tar -czf /srv/repository/local-test.db h-*)
rm -rf /var/lib/pacman
mkdir -p /var/lib/pacman/local /var/lib/pacman/sync
printf '[options]\nSigLevel = Never\nArchitecture = auto\n[local-test]\nServer = file:///srv/repository\n' >/etc/pacman.conf
