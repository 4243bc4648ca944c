# shellcheck shell=bash
# scripts/lab.d/folder.sh: an instance's own folder: its config out of lab.d/etc, its data, and the wrapper that runs it.

LAB_VOICES=/usr/share/asterisk/sounds

folder_of() { echo "$LAB_RUN/$1"; }

# The names that have a folder, running or not.
instances() {
    local name
    for name in "${LAB_ALL[@]}"; do
        [ ! -e "$(folder_of "$name")/ports" ] || echo "$name"
    done
}

write_folder() {
    local name=$1 dir root
    dir=$(folder_of "$name") root=$(root_of "$(suite_of "$name")")
    rm -rf "${dir:?}"/{etc,data,log,run,db,spool,asterisk}
    mkdir -p "$dir"/{etc,data/sounds,log,run,db,spool}
    write_ports "$name" "$dir"
    write_config "$dir" "$root"
    link_data "$dir" "$root"
    write_wrapper "$dir" "$root"
}

# Debian's own sample configs, with ours over them. @KEY@ in a file of lab.d/etc is a line of the instance's `ports`,
# @MODULES@ a folder of its root.
write_config() {
    local dir=$1 root=$2 key value edits file
    edits="s|@MODULES@|$(modules_of_root "$root")|g"
    while IFS='=' read -r key value; do
        edits+=";s|@$key@|$value|g"
    done < "$dir/ports"
    cp -r "$root/etc/asterisk/." "$dir/etc/"
    for file in "$LAB_HOME"/etc/*.conf; do
        sed "$edits" "$file" > "$dir/etc/${file##*/}"
    done
}

# The voices are this machine's packages: the roots are minimal and bring English .gsm files alone.
link_data() {
    local dir=$1 root=$2 part voice language
    for part in "$root"/usr/share/asterisk/*; do
        [ "${part##*/}" = sounds ] || ln -s "$part" "$dir/data/"
    done
    for voice in en_US_f_Allison ru_RU_f_IvrvoiceRU; do
        language=${voice%%_*}
        [ -e "$LAB_VOICES/$voice/silence/10.wav" ] ||
            fail 69 "$LAB_VOICES/$voice is missing; scripts/install-deps installs asterisk-core-sounds-$language-wav"
        ln -s "$LAB_VOICES/$voice" "$dir/data/sounds/$language"
    done
}

write_wrapper() {
    local dir=$1 root=$2
    printf '#!/bin/sh\nexec %s -C %s "$@"\n' "$(asterisk_of_root "$root")" "$dir/etc/asterisk.conf" > "$dir/asterisk"
    chmod +x "$dir/asterisk"
}
