rpm_of() {
    mkdir -p /srv/repository
    cat >"/tmp/$1.spec" <<SPEC
Name: $1
Version: $2
Release: 1
Summary: a test
License: none
BuildArch: noarch
${3:-}
%description
A test.
%install
mkdir -p %{buildroot}/etc
echo $2 >%{buildroot}/etc/$1.conf
%files
%config(noreplace) /etc/$1.conf
SPEC
    rpmbuild -bb --quiet --define '_topdir /tmp/build' --define '_rpmdir /srv/repository' "/tmp/$1.spec"
}
rpm_of h-one 1.0
rpm_of h-one 2.0
rpm_of h-two 1.0 'Requires: h-three'
rpm_of h-three 3 'Epoch: 1'
rpm_of h-foe 1 'Conflicts: h-three'
createrepo_c --quiet /srv/repository
rm -rf /var/lib/rpm
