from harness import base_database, workers
import bench_delivery as b


def run(ctx):
    with ctx.fresh_database() as ours, workers(ours) as running:
        w = running[0]
        w.call("bench_delivery.prepare", kind="ours")
        for _ in range(4):
            w.call("bench_delivery.one_delivery")
        print(w.call("bench_zprof.timed"), flush=True)
        print(w.call("bench_zprof.timed"), flush=True)
        w.call("bench_zprof.profiled")
    return []


def timed(registry):
    import time, shop, statistics
    import odoo.addons.loyalty_b2b2c.models.b2b2c_event as ev
    from odoo.addons.loyalty_b2b2c.models.processor import Processor

    T = {}

    def wrap(obj, name, key):
        orig = getattr(obj, name)
        orig = getattr(orig, "_w", orig)

        def f(*a, **k):
            t = time.perf_counter()
            try:
                return orig(*a, **k)
            finally:
                T.setdefault(key, []).append(1000 * (time.perf_counter() - t))

        f._w = orig
        setattr(obj, name, f)

    wrap(ev, "_process_batch", "batch")
    for n in ("_ask", "decide", "_book", "_flush_credits", "_queue_messages"):
        wrap(Processor, n, n)
    for _ in range(25):
        with registry.cursor() as cursor:
            pid = b._create_picking(shop.clerk(cursor)).id
        with registry.cursor() as cursor:
            shop.clerk(cursor)["stock.picking"].browse(pid).button_validate()
    return {k: (len(v), round(statistics.median(v), 2)) for k, v in T.items()}


def profiled(registry):
    import cProfile, pstats, io, shop
    import odoo.addons.loyalty_b2b2c.models.b2b2c_event as ev

    p = cProfile.Profile()
    o = getattr(ev._process_batch, "_w", ev._process_batch)

    def f(*a, **k):
        p.enable()
        try:
            return o(*a, **k)
        finally:
            p.disable()

    ev._process_batch = f
    for _ in range(20):
        with registry.cursor() as cursor:
            pid = b._create_picking(shop.clerk(cursor)).id
        with registry.cursor() as cursor:
            shop.clerk(cursor)["stock.picking"].browse(pid).button_validate()
    s = io.StringIO()
    st = pstats.Stats(p, stream=s)
    st.sort_stats("tottime").print_stats(60)
    open("/tmp/prof2.txt", "w").write(s.getvalue())
