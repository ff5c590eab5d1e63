#!/usr/bin/env bash
# debhelper 13.11.4 and libdebhelper-perl 13.11.4 (Debian 12), compatibility level 13, dh_installsystemd. Needs apt-get, dpkg
# with dpkg-architecture, and Perl.
#
# Expected: `--no-start` adds nothing that starts the unit, and otherwise changes nothing: an upgrade leaves a unit alone that
#   somebody has started, and a removal stops it as it does without the option.
# Seen: it is the other way round. With the option an upgrade stops the running unit, in preinst, and nothing starts it again;
#   a removal does not stop it any more. Without the option an upgrade restarts it and a removal stops it. Only with
#   `--no-stop-on-upgrade` beside it does an upgrade leave the unit alone; a removal still does not stop it.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
chmod 755 .
apt-get download debhelper=13.11.4 libdebhelper-perl=13.11.4 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg -x "$package" tool; done
export PERL5LIB=$place/tool/usr/share/perl5

mkdir -p demo/debian
cd demo
cat > debian/control <<'END'
Source: demo
Section: net
Priority: optional
Maintainer: Nobody <nobody@example.org>
Build-Depends: debhelper-compat (= 13)

Package: demo
Architecture: all
Description: a unit and nothing else
 To see what is done to it.
END
printf 'demo (1) unstable; urgency=medium\n\n  * First.\n\n -- Nobody <nobody@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n' > debian/changelog
printf '[Service]\nExecStart=/bin/sleep infinity\n\n[Install]\nWantedBy=multi-user.target\n' > debian/demo.service

# What the maintainer scripts do to the unit, with these options.
acts() {
    rm -rf debian/.debhelper debian/demo debian/*.debhelper
    "$place/tool/usr/bin/dh_installsystemd" "$@"
    local told= script generated=debian/.debhelper/generated/demo
    for script in preinst prerm postinst; do
        [ -f "$generated/$script.service" ] || continue
        grep -q "= upgrade .*" "$generated/$script.service" && grep -q "deb-systemd-invoke stop" "$generated/$script.service" && told+="$script stops at an upgrade; "
        grep -q "= remove .*" "$generated/$script.service" && grep -q "deb-systemd-invoke stop" "$generated/$script.service" && told+="$script stops at a removal; "
        grep -q '_dh_action=restart' "$generated/$script.service" && told+="$script starts or restarts; "
    done
    echo "${told:-nothing}"
}
plain=$(acts)
no_start=$(acts --no-start)
both=$(acts --no-start --no-stop-on-upgrade)
printf '%-36s %s\n' 'no option:' "$plain" '--no-start:' "$no_start" '--no-start --no-stop-on-upgrade:' "$both"
[ "$plain" = 'prerm stops at a removal; postinst starts or restarts; ' ] &&
    [ "$no_start" = 'preinst stops at an upgrade; ' ] &&
    [ "$both" = nothing ] && echo 'as seen' || { echo 'this has changed'; exit 1; }
