#!/bin/sh
# Makes a signed apt repository out of packages, for any web server that serves files: "repo.sh URL FOLDER DEB...".
# Keeps what is in the folder. Signs with the key BEDRUD_REPO_KEY of the caller's keyring; without it with one that is made
# once and kept in build/repo-key: look after it, the hosts believe no other.
set -eu

[ $# -ge 3 ] || { echo "Usage: repo.sh URL FOLDER DEB..., where URL is how hosts will reach FOLDER." >&2; exit 2; }
url=${1%/} folder=$2
shift 2
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder/pool"
for deb; do
    cp -f "$deb" "$folder/pool/"
done

if [ -z "${BEDRUD_REPO_KEY:-}" ]; then
    GNUPGHOME=$here/build/repo-key BEDRUD_REPO_KEY=packages@bedrud.invalid
    export GNUPGHOME
    if ! [ -d "$GNUPGHOME" ]; then
        mkdir -p -m 700 "$GNUPGHOME"
        # taken by Debian 12's gpgv and by Debian 13's sqv
        gpg --batch --quiet --passphrase '' --quick-generate-key "Bedrud packages <$BEDRUD_REPO_KEY>" ed25519 sign never
    fi
fi

cd "$folder"
for architecture in $(for deb in pool/*.deb; do dpkg-deb -f "$deb" Architecture; done | sort -u); do
    lists=dists/stable/main/binary-$architecture
    mkdir -p "$lists"
    apt-ftparchive --arch "$architecture" packages pool >"$lists/Packages"
    gzip -9nk -f "$lists/Packages"
    # a host that reads while this runs finds the lists that its Release names, old or new
    mkdir -p "$lists/by-hash/SHA256"
    for list in "$lists/Packages" "$lists/Packages.gz"; do
        cp "$list" "$lists/by-hash/SHA256/$(sha256sum "$list" | cut -d' ' -f1)"
    done
done
architectures=$(cd dists/stable/main && ls -d binary-* | sed s/binary-// | tr '\n' ' ')
rm -f dists/stable/Release
apt-ftparchive -o APT::FTPArchive::Release::Origin=Bedrud -o APT::FTPArchive::Release::Label=Bedrud \
    -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Codename=stable \
    -o APT::FTPArchive::Release::Components=main -o "APT::FTPArchive::Release::Architectures=$architectures" \
    -o APT::FTPArchive::Release::Acquire-By-Hash=yes release dists/stable >Release.new
mv Release.new dists/stable/Release
gpg --batch --yes --quiet --local-user "$BEDRUD_REPO_KEY" --digest-algo SHA512 --clearsign \
    --output dists/stable/InRelease dists/stable/Release
gpg --batch --yes --quiet --local-user "$BEDRUD_REPO_KEY" --digest-algo SHA512 --armor --detach-sign \
    --output dists/stable/Release.gpg dists/stable/Release

# deb822 (sources.list(5)): the key stands in the file itself, an empty line as a dot
{
    printf 'Types: deb\nURIs: %s\nSuites: stable\nComponents: main\nSigned-By:\n' "$url"
    gpg --batch --armor --export --export-options export-minimal "$BEDRUD_REPO_KEY" | sed 's/^$/./; s/^/ /'
} >bedrud.sources
echo "$folder: on a host, with $url serving it:"
echo "  sudo /usr/lib/apt/apt-helper download-file $url/bedrud.sources /etc/apt/sources.list.d/bedrud.sources"
echo "  sudo apt update"
echo "  sudo apt install bedrud"
