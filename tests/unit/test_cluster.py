"""Our own PostgreSQL after the machine stopped under it."""

from tools.postgres import throwaway_cluster


def databases(cluster):
    return {name for (name,) in cluster.server.query("SELECT datname FROM pg_database")}


def make(cluster, name):
    connection = cluster.connect()
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()


def begin_again(cluster):
    cluster.forget_if_interrupted()
    cluster.initialise()
    cluster.start()
    return databases(cluster)


def test_what_was_not_synced_is_made_again():
    """A CI run failed on templates that were there by name and had no tables."""
    with throwaway_cluster(durable=False) as cluster:
        make(cluster, "template")
        cluster.forget_if_interrupted()  # it runs: nothing happens to it
        assert "template" in databases(cluster)
        cluster.stop()
        assert "template" in begin_again(cluster)  # stopped in order: it is kept
        cluster.kill9()
        assert "template" not in begin_again(cluster)


def test_what_is_durable_is_kept():
    with throwaway_cluster(durable=True) as cluster:
        make(cluster, "ledger")
        cluster.kill9()
        assert "ledger" in begin_again(cluster)
