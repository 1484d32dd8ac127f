"""Addresses of lots, transactions and claims: one example of each, and for whom it is."""

from stannary.web.transactions import demo as transactions
from web.project.asked import For

SAID = "&wording=SHARE-AT-LEVEL&standard=stannary/open-mining/0.1&level=OPEN-75&share=3/8&element=lithium"
YEAR = "counterparty=example-refining&begin=2026-01-01&end=2026-12-31"
ADDRESSES: dict[str, tuple[str, For]] = {
    "entities/<slug:slug>/accounts/": ("/entities/example-cells/accounts/", For.CELLS),
    "credits/": ("/credits/", For.ALL),
    "credits/<path:credit_id>/": ("/credits/CR-2/", For.ALL),
    "credits/<path:credit_id>/retire/": ("/credits/CR-2/retire/", For.FORMS),
    "api/v1/credits/<path:credit_id>": ("/api/v1/credits/CR-2", For.ALL),
    "api/v1/credits/<path:credit_id>/retirements": (
        "/api/v1/credits/CR-2/retirements",
        For.FORMS,
    ),
    "data/credits.<str:form>": ("/data/credits.csv", For.ALL),
    "data/credit-uses.<str:form>": ("/data/credit-uses.csv", For.ALL),
    "api/v1/credits": ("/api/v1/credits", For.ALL),
    "api/v1/credits/uses": ("/api/v1/credits/uses", For.ALL),
    "api/v1/credits/totals": ("/api/v1/credits/totals", For.ALL),
    "api/v1/entities/<entity>/accounts": (
        "/api/v1/entities/example-cells/accounts",
        For.CELLS_API,
    ),
    "lots/": ("/lots/", For.ALL),
    "lots/<path:lot_id>/": ("/lots/L-2041/", For.ALL),
    "lots/<path:lot_id>/movements.csv": ("/lots/L-2041/movements.csv", For.ALL),
    "lots/<path:lot_id>/trace.json": ("/lots/L-2041/trace.json", For.ALL),
    "restatements/": ("/restatements/", For.ASKING),
    "restatements/book/": ("/restatements/book/", For.FORMS),
    "api/v1/restatements": (
        "/api/v1/restatements?record=L-2041&content_mg=900000000",
        For.ASKING_API,
    ),
    "api/v1/restatements/falling": (
        "/api/v1/restatements/falling?kind=certificate&id=EXAMPLE-COC-1&on=2026-11-01",
        For.ASKING_API,
    ),
    "transactions/": ("/transactions/", For.TRADER),
    "transactions/offer/": ("/transactions/offer/", For.TRADER),
    "transactions/<uuid:offer_id>/": (f"/transactions/{transactions.OPEN}/", For.TRADER),
    "transactions/<uuid:offer_id>/step/": (f"/transactions/{transactions.OPEN}/step/", For.FORMS),
    "transactions/statement/<slug:slug>/": ("/transactions/statement/example-cells/", For.HOLDER),
    "transactions/statement/<slug:slug>/statement.<str:form>": (
        "/transactions/statement/example-cells/statement.csv",
        For.HOLDER,
    ),
    "transactions/reconciliation/<slug:slug>/": (
        "/transactions/reconciliation/example-cells/",
        For.HOLDER,
    ),
    "transactions/reconciliation/<slug:slug>/template.csv": (
        "/transactions/reconciliation/example-cells/template.csv",
        For.HOLDER,
    ),
    "transactions/reconciliation/<slug:slug>/<uuid:statement_id>/": (
        "/transactions/reconciliation/example-cells/{statement}/",
        For.HOLDER,
    ),
    "transactions/periods/<slug:slug>/": ("/transactions/periods/example-cells/", For.CELLS),
    "transactions/periods/<slug:slug>/<slug:last>/": (
        "/transactions/periods/example-cells/2026-01-31/",
        For.CELLS,
    ),
    "transactions/periods/<slug:slug>/<slug:last>/step/": (
        "/transactions/periods/example-cells/2026-01-31/step/",
        For.FORMS,
    ),
    "api/v1/transactions/reconciliations/<slug:organisation>": (
        f"/api/v1/transactions/reconciliations/example-cells?{YEAR}",
        For.HOLDER_API,
    ),
    "api/v1/transactions/reconciliations/<slug:organisation>/<uuidstr:statement_id>": (
        "/api/v1/transactions/reconciliations/example-cells/{statement}",
        For.HOLDER_API,
    ),
    "api/v1/transactions/periods/<slug:organisation>": (
        "/api/v1/transactions/periods/example-cells",
        For.CELLS_API,
    ),
    "api/v1/transactions/periods/<slug:organisation>/<last_day>": (
        "/api/v1/transactions/periods/example-cells/2026-01-31",
        For.CELLS_API,
    ),
    "api/v1/transactions/periods/<slug:organisation>/<last_day>/steps": (
        "/api/v1/transactions/periods/example-cells/2026-01-31/steps",
        For.FORMS,
    ),
    "api/v1/transactions": ("/api/v1/transactions", For.TRADER_API),
    "api/v1/transactions/<uuidstr:transaction_id>": (
        f"/api/v1/transactions/{transactions.OPEN}",
        For.TRADER_API,
    ),
    "api/v1/transactions/<uuidstr:transaction_id>/steps": (
        f"/api/v1/transactions/{transactions.OPEN}/steps",
        For.FORMS,
    ),
    "api/v1/transactions/statements/<slug:organisation>": (
        "/api/v1/transactions/statements/example-cells?begin=2026-01-01&end=2026-12-31",
        For.HOLDER_API,
    ),
    "claims/": ("/claims/", For.ALL),
    "stock/": ("/stock/", For.ALL),
    **{
        f"stock/<slug:slug>/{route}": (f"/stock/example-cells/{address}", may)
        for route, address, may in (
            ("", "", For.ALL),
            ("movements.<str:form>", "movements.xlsx", For.ALL),
            ("lots.<str:form>", "lots.csv", For.ALL),
            ("forms/<slug:task>.<str:form>", "forms/loss.xlsx", For.HOLDER),
            ("movement/<slug:task>/", "movement/receipt/", For.HOLDER),
            ("files/", "files/", For.HOLDER),
            ("files/<uuid:file_id>/", "files/{file}/", For.HOLDER),
            ("files/<uuid:file_id>/problems.xlsx", "files/{file}/problems.xlsx", For.HOLDER),
            ("files/<uuid:file_id>/book/", "files/{file}/book/", For.FORMS),
            ("files/<uuid:file_id>/again/", "files/{file}/again/", For.FORMS),
        )
    },
    "claims/<uuid:claim_id>/seal/": ("/claims/{claim}/seal/", For.ALL),
    "claims/<uuid:claim_id>/seal.svg": ("/claims/{claim}/seal.svg", For.ALL),
    "claims/<uuid:claim_id>/withdraw/": ("/claims/{claim}/withdraw/", For.FORMS),
    "claims/new/<path:lot_id>/": ("/claims/new/L-2041/", For.HOLDER),
    "claims/new-of-site/<slug:facility>/": ("/claims/new-of-site/example-cell-plant/", For.HOLDER),
    "claims/<uuid:claim_id>/": ("/claims/{claim}/", For.ALL),
    "claims/<uuid:claim_id>.claim.json": ("/claims/{claim}.claim.json", For.ALL),
    "data/lots.<str:form>": ("/data/lots.csv", For.ALL),
    "data/movements.<str:form>": ("/data/movements.csv", For.ALL),
    "data/claims.<str:form>": ("/data/claims.csv", For.ALL),
    "api/v1/lots": ("/api/v1/lots", For.ALL),
    "api/v1/lots/<path:lot_id>": ("/api/v1/lots/L-2041", For.ALL),
    "api/v1/lots/<path:lot_id>/trace": ("/api/v1/lots/L-2041/trace", For.ALL),
    "api/v1/lots/<path:lot_id>/movements": ("/api/v1/lots/L-2041/movements", For.ALL),
    "api/v1/movements": ("/api/v1/movements", For.FORMS),
    "api/v1/movements/<path:event>": ("/api/v1/movements/E-01", For.ALL),
    "api/v1/claims": ("/api/v1/claims", For.ALL),
    "api/v1/claims/preview": (
        f"/api/v1/claims/preview?lot=L-2041{SAID}",
        For.HOLDER_API,
    ),
    "api/v1/claims/<claim_id>": ("/api/v1/claims/{claim}", For.ALL),
    "api/v1/claims/<claim_id>/withdrawal": ("/api/v1/claims/{claim}/withdrawal", For.FORMS),
    **{
        f"api/v1/stock/<organisation>/{route}": (f"/api/v1/stock/example-cells/{address}", may)
        for route, address, may in (
            ("movements", "movements", For.ALL),
            ("lots", "lots", For.ALL),
            ("forms", "forms", For.HOLDER_API),
            ("form", "form?task=loss", For.HOLDER_API),
            ("files", "files", For.FORMS),
            ("files/<uuidstr:file_id>", "files/{file}", For.HOLDER_API),
            ("files/<uuidstr:file_id>/booking", "files/{file}/booking", For.FORMS),
            ("files/<uuidstr:file_id>/check", "files/{file}/check", For.FORMS),
        )
    },
}
