#!/bin/bash
# two_machines.sh - `mpirun kata train` over two network namespaces with host names of their own, joined by a cable
# (veth), so that every message goes over TCP as between two machines; then the cable is pulled. By hand, as root: it
# needs iproute2, util-linux and a build with MPI (make MPI=1, or kata-mpi of `make tests`).
#
# oob_tcp_keepalive_*: mpirun looks for a dead cable every few seconds; by itself it waits for minutes.
#     tests/trainer/two_machines.sh [PROGRAM [ROM]]
set -eu
program=$(realpath "${1:-build/release/kata-mpi}")
rom=$(realpath "${2:-build/release/games/kumite.nes}")
work=$(mktemp -d)
one=kata-one two=kata-two
mpirun_pid=
tidy() {
    [ -n "$mpirun_pid" ] && kill "$mpirun_pid" 2>/dev/null
    for name in $one $two; do
        for pid in $(ip netns pids $name 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
        ip netns del $name 2>/dev/null || true
    done
    rm -rf "$work"
}
trap tidy EXIT
trap 'exit 130' INT TERM

ip netns add $one
ip netns add $two
ip link add kata0 type veth peer name kata1
ip link set kata0 netns $one
ip link set kata1 netns $two
ip -n $one addr add 10.77.0.1/24 dev kata0
ip -n $two addr add 10.77.0.2/24 dev kata1
for name in $one $two; do ip -n $name link set lo up; done
ip -n $one link set kata0 up
ip -n $two link set kata1 up

# What mpirun takes for ssh: the other namespace, under its own name.
cat >"$work/agent" <<'END'
#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
case $1 in 10.77.0.1) name=kata-one ;; *) name=kata-two ;; esac
shift
exec ip netns exec $name unshare -u sh -c "hostname $name; $*"
END
chmod +x "$work/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 KATA_HOME="$work/home"

# train LOG OPTION...: rank 0 on one, ranks 1 and 2 on two.
train() {
    local log=$1
    shift
    ip netns exec $one unshare -u sh -c "hostname $one; exec \"\$@\"" sh \
        mpirun --mca plm_rsh_agent "$work/agent" --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 \
        --mca oob_tcp_if_include 10.77.0.0/24 --mca oob_tcp_keepalive_time 5 --mca oob_tcp_keepalive_intvl 2 \
        --mca oob_tcp_keepalive_probes 3 --host 10.77.0.1:1,10.77.0.2:2 --bind-to none -n 3 \
        -x KATA_HOME -x OMPI_ALLOW_RUN_AS_ROOT -x OMPI_ALLOW_RUN_AS_ROOT_CONFIRM \
        "$program" train "$rom" --dir "$work/agent.d" --workers 1 --warmup 100 --eval-episodes 0 "$@" \
        >"$work/$log" 2>&1 </dev/null
}
carried() { ip netns exec $one cat /proc/net/dev | awk '/kata0/ { print $2 + $10 }'; }
fail() {
    echo "FAILED: $*"
    tail -n 30 "$work/"*.log
    exit 1
}

train first.log --decisions 600 || fail "the first run ended with $?"
bytes=$(carried)
[ "$bytes" -gt 1000000 ] || fail "only $bytes bytes went over the cable"
echo "ok: 600 decisions, $((bytes / 1000)) kB over the cable"

train second.log --minutes 10 --save-every 2 &
mpirun_pid=$!
for _ in $(seq 300); do
    [ "$(carried)" -gt $((bytes + 12000000)) ] && break
    sleep 0.2
done
ip -n $one link set kata0 down
began=$(date +%s)
status=0
wait $mpirun_pid || status=$?
mpirun_pid=
seconds=$(($(date +%s) - began))
[ $status -ne 0 ] || fail "the run without a cable ended as if nothing had happened"
[ $seconds -lt 90 ] || fail "it took $seconds s to notice"
grep -qE "is lost|lost (its )?connection|unable to communicate|ORTE has lost" "$work/second.log" ||
    fail "nobody said that a rank was lost"
echo "ok: the cable was pulled; ended with status $status after $seconds s:" \
    "$(grep -m 1 -oE "rank [0-9]+ on [^;]*is lost[^;]*|ORTE has lost[^.]*" "$work/second.log" || true)"

for _ in $(seq 60); do
    [ -z "$(ip netns pids $two)" ] && break
    sleep 0.5
done
[ -z "$(ip netns pids $two)" ] || fail "on the other machine processes stay: $(ip netns pids $two)"
echo "ok: on the other machine nobody is left"

ip -n $one link set kata0 up
train third.log --decisions 100 || fail "it did not go on: $?"
going=$(grep -o "Going on from [0-9,]* decisions" "$work/third.log") || fail "it did not go on from what was saved"
echo "ok: $going"
