#!/bin/sh
# Goes back to an older version of the package: "go-back VERSION", as root. Where the newer one has changed the database, the
# copy from before that change takes its place; the changed one stays beside it, as bedrud.db.newer (or .newer-2, and so on).
set -eu

[ $# = 1 ] || { echo "Usage: go-back VERSION; \"apt list -a bedrud\" shows them." >&2; exit 2; }
apt-get install -y --allow-downgrades "bedrud=$1"
check() { /usr/sbin/bedrud check-config --config /etc/bedrud/bedrud.yaml 2>&1 || true; } # what this version finds wrong
knows() { # whether this version knows the database in that file
    ! (export BEDRUD_DATABASE_PATH="$1"; check) | grep -q 'database_newer'
}
# a daemon that is refused by its database merges on its way out what is not in the file yet
systemctl start bedrud.service || true
# where it is, wherever the configuration has put it, is in the refusal
database=$(check | sed -n 's/^.*The database \(.*\) was written by a newer version.*$/\1/p')
case $database in
"") ;;
/*)
    systemctl stop bedrud.service
    newer="$database.newer" number=1
    while [ -e "$newer" ]; do
        number=$((number + 1))
        newer="$database.newer-$number"
    done
    found=
    for copy in $(ls -rv "$database".version-* 2>/dev/null); do
        if knows "$copy"; then
            found=$copy
            break
        fi
    done
    [ -n "$found" ] || {
        echo "There is no copy beside $database that version $1 knows. Restore a backup, or install the newer version again." >&2
        exit 1
    }
    # whole before it is in its place: broken off here, nothing has happened
    cp -p "$found" "$database.new"
    for end in "" -wal -shm; do
        [ ! -e "$database$end" ] || mv "$database$end" "$newer$end"
    done
    mv "$database.new" "$database"
    echo "The database is the one of $(date -r "$found" '+%Y-%m-%d %H:%M') again. What was written since is in $newer."
    ;;
*)
    echo "The database $database knows only the newer version. Put your copy of it from before the upgrade (pg_dump) back, then: systemctl restart bedrud. Or install the newer version again." >&2
    exit 1
    ;;
esac
systemctl start bedrud.service
echo "Bedrud $1 runs."
