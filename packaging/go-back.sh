#!/bin/sh
# Goes back to an older version of the package: "go-back VERSION", as root. Where the newer one has changed the database, the
# copy from before that change takes its place; the changed one stays beside it, as bedrud.db.newer.
set -eu

[ $# = 1 ] || { echo "Usage: go-back VERSION; \"apt list -a bedrud\" shows them." >&2; exit 2; }
apt-get install -y --allow-downgrades "bedrud=$1"
check() { # whether this version knows that database
    BEDRUD_DATABASE_PATH=$1 /usr/sbin/bedrud check-config --config /etc/bedrud/bedrud.yaml 2>&1
}
# a daemon that is refused by its database merges on its way out what is not in the file yet
systemctl start bedrud.service || true
cd /var/lib/bedrud
if check "$PWD/bedrud.db" | grep -q 'database_newer'; then
    systemctl stop bedrud.service
    for copy in $(ls -rv bedrud.db.version-* 2>/dev/null); do
        if check "$PWD/$copy" | grep -q 'database_newer'; then continue; fi
        for end in "" -wal -shm; do
            [ ! -e "bedrud.db$end" ] || mv "bedrud.db$end" "bedrud.db.newer$end"
        done
        cp -p "$copy" bedrud.db
        echo "The database is the one of $(date -r "$copy" '+%Y-%m-%d %H:%M') again. What was written since is in $PWD/bedrud.db.newer."
        break
    done
    [ -e bedrud.db ] && ! check "$PWD/bedrud.db" | grep -q 'database_newer' || {
        echo "There is no copy in $PWD that version $1 knows. Restore a backup, or install the newer version again." >&2
        exit 1
    }
fi
systemctl start bedrud.service
echo "Bedrud $1 runs."
