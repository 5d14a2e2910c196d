"""Trackable resources read and written.  Expectations: slurm.conf(5), `scontrol show job`, sacct -o AllocTRES."""

import pytest

from slurm_mock.common import tres
from slurm_mock.common.records import Share
from slurm_mock.common.slurmdb import Tres

SHARES = [Share("n1", 4, 2000, {"gpu:k80": [0, 1]}), Share("n2", 2, 1048, {"gpu:k80": [1]})]


def test_limits_are_numbers_by_name():
    assert tres.tres_dict("cpu=10,gres/gpu=2") == {"cpu": 10, "gres/gpu": 2}
    assert tres.tres_dict(None) == tres.tres_dict("") == {}


def test_a_tres_by_its_name():
    assert tres.word(Tres(type="cpu")) == "cpu" and tres.word(Tres(type="gres", name="gpu")) == "gres/gpu"


def test_what_shares_hold():
    assert tres.tres_text(SHARES, {}) == "cpu=6,mem=3048M,node=2,billing=6"
    assert tres.tres_text(SHARES, {}, None) == "cpu=6,mem=3048M,node=2"
    tracked = {"AccountingStorageTRES": "gres/gpu,gres/gpu:K80"}
    assert tres.tres_text(SHARES, tracked) == "cpu=6,mem=3048M,node=2,billing=6,gres/gpu=3,gres/gpu:k80=3"
    assert tres.tres_text([Share("n1", 1)], tracked) == "cpu=1,node=1,billing=1"
    assert tres.held_tres(SHARES) == {"cpu": 6, "mem": 3048, "node": 2, "billing": 6, "gres/gpu": 3,
                                     "gres/gpu:k80": 3}


@pytest.mark.parametrize("counts, weights, most, told", [
    ({"cpu": 3}, "", False, 3), ({"cpu": 2, "mem": 4096, "gres/gpu": 1}, "CPU=1.0,Mem=0.25G,GRES/gpu=2.0", False, 5),
    ({"cpu": 3, "mem": 1500, "node": 1}, "CPU=0.5,Mem=0.001,Node=3", False, 6), ({"cpu": 2}, "CPU=0", False, 0),
    ({"cpu": 2, "mem": 4096}, "CPU=1.0,Mem=1G", True, 4), ({"cpu": 3}, "cpu=1,CPU=2", False, 6), ({}, "CPU=2", True, 0),
    ({"gres/gpu:a100": 2}, "GRES/gpu:A100=3", False, 6), ({"gres/gpu:A100": 2}, "gres/gpu:a100=3", False, 6)])
def test_billing(counts, weights, most, told):
    assert tres.billing(counts, weights, most) == told


def test_how_weights_are_written():
    """As real slurmctld 22.05.8 takes them in scontrol update."""
    assert tres.tres_weights(",CPU=2,,Mem=1GB,") == {"cpu": 2, "mem": 1 / 1024}
    assert tres.tres_weights("Mem=1Gi,node=1e2,GRES/gpu=-1") == {"mem": 1 / 1024, "node": 100, "gres/gpu": -1}
    assert tres.tres_weights("") == {}


@pytest.mark.parametrize("text", ["CPU", "CPU=", "CPU=abc", "CPU=1_0", "CPU=１", "CPU=1X", "CPU=1.5.2", "CPU=1 2", "CPU==1",
                                  "CPU=1=2", "CPU=nan", "CPU=inf", "CPU=K"])
def test_what_is_no_weight_is_told(text):
    with pytest.raises(ValueError) as error:
        tres.tres_weights(f"Mem=1,{text}")
    assert error.value.args == (text,)


def test_gres_that_are_tracked():
    config = {"AccountingStorageTRES": "gres/gpu,gres/gpu:a100"}
    assert tres.tracked({"gres/gpu": 2, "gres/gpu:a100": 1, "gres/nic": 1, "gres/x": 0}, config) == ["gres/gpu=2", "gres/gpu:a100=1"]
    assert tres.gres_counts("gpu:K80:2,gpu:1,shm:5(S:0)") == {"gres/gpu": 3, "gres/gpu:K80": 2, "gres/shm": 5}
    assert tres.held_gres([Share("n1", 1, 0, {"mps@0": 50, "tmpfs": 300, "gpu:a": [0, 1]})]) == {
        "gres/mps": 50, "gres/tmpfs": 300, "gres/gpu": 2, "gres/gpu:a": 2}


@pytest.mark.parametrize("word, count", [("2", 2), ("2K", 2048), ("10G", 10 << 30), ("a100", None), ("", None), ("K", None),
                                         ("²", None), ("2KK", None)])
def test_counts_of_gres(word, count):
    assert tres.count_of(word) == count


@pytest.mark.parametrize("text, found", [
    ("", {}), ("none", {}), ("gpu", {("gpu", ""): 1}), ("gpu:2", {("gpu", ""): 2}),
    ("gpu:k80:2", {("gpu", "k80"): 2}), ("gpu:k80", {("gpu", "k80"): 1}), ("gres:gpu:1", {("gpu", ""): 1}),
    ("gpu:k80:2(S:0-1),craynetwork:1", {("gpu", "k80"): 2, ("craynetwork", ""): 1}),
    ("gpu:1,gpu:2", {("gpu", ""): 3}), ("gpu=3", {("gpu", ""): 3})])
def test_gres(text, found):
    assert tres.parse_gres(text) == found


@pytest.mark.parametrize("text, found", [
    ("cpu=2,mem=1000M,node=1", {"cpu": 2, "mem": 1000, "node": 1}), ("mem=2.50G", {"mem": 2560}),
    ("mem=1T,gres/gpu:k80=1", {"mem": 1 << 20, "gres/gpu:k80": 1}), ("", {})])
def test_amounts_with_units(text, found):
    assert tres.tres_dict(text) == found
