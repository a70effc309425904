"""Who leads where the primary is known to be dead: without an election, in which the nodes ask each other first and the one that
loses hears of the other late.

A commit counts once one of the standbys has it that confirm commits (quorum), so it may be on one of them alone. Whoever is given the
leader key leads without asking anybody; so it is given only if each of them has said how far it has received, to one that none is
ahead of. Else the cluster decides.
"""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from patroni.config import Config
from patroni.dcs import get_dcs
from patroni.request import PatroniRequest

ANSWER_WITHIN = 1  # seconds
ASKED = 3  # times; what is on its way still arrives


class Succession:
    """Keeps its connections to etcd and to the Patroni of each node for when they are needed. Safe for concurrent use."""

    def __init__(self, name):
        config = {**Config("/etc/patroni.yml", validator=None).copy(), "name": name, "patronictl": True}
        self._dcs = get_dcs(config)
        self._patroni = PatroniRequest(config)
        self._pool = ThreadPoolExecutor()

    def cluster(self):
        return self._dcs.get_cluster()

    def keep_ready(self):
        """So that there are connections to those who will have to be asked."""
        cluster = self.cluster()
        if cluster.leader:
            self.received(cluster)

    @staticmethod
    def voters(cluster):
        """Whose word makes a commit count."""
        return [name for name in cluster.sync.members if name != cluster.leader.name]

    def received(self, cluster):
        """How far each of those is; beyond everything if it does not say, since nobody knows what it has."""

        def ask(name):
            try:
                member = cluster.get_member(name, fallback_to_leader=False)
                answer = self._patroni(member, timeout=ANSWER_WITHIN, retries=0)
                return int(answer.json()["xlog"]["received_location"])
            except Exception:  # whatever it is that keeps it from answering
                return sys.maxsize

        names = self.voters(cluster)
        return dict(zip(names, self._pool.map(ask, names)))

    def give_key(self, cluster, wanted=None):
        """Gives the key of the leader, who is dead, to the wanted node or the one that comes first; lets go of it where that
        might lose a commit. Returns who has it; None if the cluster is to decide."""
        for _ in range(ASKED):
            has = self.received(cluster)
            most = max(has.values(), default=sys.maxsize)
            if most < sys.maxsize and (not wanted or has.get(wanted) == most):
                break
        equal = [cluster.get_member(name, fallback_to_leader=False) for name in has if has[name] == most < sys.maxsize]
        fit = [member for member in equal if not member.nofailover and wanted in (None, member.name)]
        key, version = self._dcs.leader_path, cluster.leader.version
        if fit:
            heir = max(fit, key=lambda member: member.failover_priority)
            given = self._dcs.retry(self._dcs._client.put, key, heir.name, heir.session, mod_revision=version)
            return heir.name if given else None
        self.take_address(cluster.leader.name, cluster.leader.session)
        self._dcs.retry(self._dcs._client.deleterange, key, mod_revision=version)
        return None

    def take_address(self, name, lease):
        """Writes a node down as one without an address. Patroni's nodes ask all they know, and wait 2 s for each."""
        member = {"conn_url": f"postgres://{name}:5432/postgres", "state": "stopped", "role": "replica"}
        path = self._dcs.members_path + name
        self._dcs.retry(self._dcs._client.put, path, json.dumps(member), lease)

    def take_address_of_silent(self, below):
        """Takes the address of a leader whose key has less than so many seconds to live, for a minute or until it writes it
        again. Returns its name; None if there is no such leader."""
        leader = self.cluster().leader
        if not leader:
            return None
        left = self._dcs._client.call_rpc("/lease/timetolive", {"ID": leader.session}).get("TTL", "0")
        if not 0 < int(left) < below:
            return None
        self.take_address(leader.name, self._dcs._client.lease_grant(60))
        return leader.name
