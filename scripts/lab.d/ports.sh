# shellcheck shell=bash
# scripts/lab.d/ports.sh: a block of 100 loopback ports for each running instance, never shared by two.
# A block is owned by a lock on its file, and the running Asterisk inherits that lock: when it ends, however it ends, its
# block is free again. 20000-29999 lies below the ports that the kernel deals out by itself.

PORT_FIRST=20000
PORT_BLOCK=100
PORT_BLOCKS=100
PORT_LOCKS=/tmp/pbxctl-lab-ports

port_is_free() { ! ss -Hltun "sport = :$1" | grep -q .; }

# Leaves the block's first port in $block and its open lock in $block_lock, both the caller's.
take_block() {
    local number
    mkdir -p "$PORT_LOCKS"
    for ((number = 0; number < PORT_BLOCKS; number++)); do
        block=$((PORT_FIRST + number * PORT_BLOCK))
        exec {block_lock}>> "$PORT_LOCKS/$block"
        if flock -n "$block_lock" && port_is_free "$block" && port_is_free $((block + 1)) && port_is_free $((block + 2)); then
            return
        fi
        exec {block_lock}>&-
    done
    fail 75 "all $PORT_BLOCKS blocks of ports from $PORT_FIRST on are taken"
}

secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# What a test needs to know, as KEY=VALUE. The folder is for its owner only, because of the passwords.
write_ports() {
    local name=$1 dir=$2
    cat > "$dir/ports" <<END
NAME=$name
VERSION=$(version_of "$name")
FOLDER=$dir
HOST=127.0.0.1
AMI_PORT=$block
HTTP_PORT=$((block + 1))
SIP_PORT=$((block + 2))
OLDSIP_PORT=$((block + 3))
LINK_PORT=$((block + 4))
HEALTH_PORT=$((block + 5))
RTP_FIRST=$((block + 10))
RTP_LAST=$((block + PORT_BLOCK - 1))
AMI_USER=lab
AMI_SECRET=$(secret)
RELAY_USER=relay
RELAY_SECRET=$(secret)
ARI_USER=lab
ARI_PASSWORD=$(secret)
ENTITYID=02:00:00:00:$(printf '%02x:%02x' $((block / 256)) $((block % 256)))
SYSTEMNAME=$name$block
END
}
