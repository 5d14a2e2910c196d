"""What a cluster has to give.  (Expectations: `sacctmgr show cluster format=tres`, sreport, of 22.05.)"""

from slurm_mock.slurmctld.cluster_tres import cluster_tres, tres_line
from slurm_mock.slurmdbd.register import fresh
from tests.clusters.planned import CONF, cluster

CONFIG = {"ClusterName": "conf", "AccountingStorageTRES": "gres/gpu,gres/gpu:k80,gres/gpu:a100,license/ansys",
          "Licenses": "ansys:3,matlab"}


def test_all_that_the_database_counts():
    counts = cluster_tres(cluster(CONF), fresh(CONFIG, 0), CONFIG)
    # planned.CONF: 5*8 + 2*16 + 2*8 + 16 CPUs, 5*16000 + 2*64000 + 2*32000 + 24000 MiB
    assert (counts["cpu"], counts["mem"], counts["node"], counts["billing"]) == (104, 296000, 10, 104)
    assert (counts["gres/gpu"], counts["gres/gpu:k80"], counts["gres/gpu:a100"], counts["license/ansys"]) == (4, 4, 0, 3)
    assert counts["energy"] == counts["fs/disk"] == 0


def test_a_line_by_name():
    assert tres_line({"mem": 296000, "cpu": 104, "billing": 104}) == "billing=104,cpu=104,mem=296000M"
