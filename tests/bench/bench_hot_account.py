"""Eight clients credit one account at once, against eight different accounts."""

from harness import at_least, limit, median, workers

CLIENTS = 8
SECONDS = 5
ROUNDS = 4
BAR = 0.6


def run(ctx):
    """Rows: throughput of both, and failures that reached a caller."""
    with (
        ctx.fresh_database() as database,
        workers(*[database] * CLIENTS) as running,
    ):
        accounts = running[0].call("credits.open_accounts", number=CLIENTS)
        hot, spread, failures = [], [], 0
        for number in range(ROUNDS):
            for chosen, rates in ((accounts[:1] * CLIENTS, hot), (accounts, spread)):
                for index, (worker, account) in enumerate(
                    zip(running, chosen, strict=True)
                ):
                    worker.start(
                        "credits.single",
                        account_id=account,
                        seconds=SECONDS,
                        tag=f"{number}/{len(hot)}/{len(spread)}/{index}",
                    )
                results = [worker.result() for worker in running]
                rates.append(sum(result["done"] for result in results) / SECONDS)
                failures += sum(result["failures"] for result in results)
        problems = running[0].call("credits.verify")["problems"]
    ctx.say(f"one account {hot}, eight accounts {spread}; {problems or 'verified'}")
    return [
        at_least(
            f"{CLIENTS} clients: credits/s, one account against {CLIENTS}",
            median(hot),
            median(spread),
            BAR,
        ),
        limit("serialization failures of credits", failures, "= 0", not failures),
        limit("differences found afterwards", len(problems), "= 0", not problems),
    ]
