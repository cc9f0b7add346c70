from tests.truth.world import Fault

FAULTS = (
    Fault(
        "facts_form_a_chain", "a fact is told differently afterwards",
        """UPDATE fact SET body = '{"who":"Max"}' WHERE subject = #parcel1 AND seq = 2""",
        "fact 2 (parcel_handed_over) of parcel",
    ),
    Fault(
        "facts_form_a_chain", "a fact's time is set back",
        "UPDATE fact SET recorded_at = recorded_at - interval '2 hours' WHERE subject = #parcel1 AND seq = 2",
        "is older than the one before",
    ),
    Fault(
        "facts_form_a_chain", "a fact in the middle is taken out",
        "DELETE FROM task WHERE subject = #parcel1;\nDELETE FROM fact WHERE subject = #parcel1 AND seq = 2",
        "fact 3 (parcel_delivered) of parcel",
    ),
    Fault(
        "facts_form_a_chain", "the last fact is taken out",
        "DELETE FROM fact WHERE subject = #order1 AND seq = 2",
        "fact 1 (order_placed) of order",
    ),
    Fault(
        "facts_form_a_chain", "a row carries another hash than its last fact",
        "UPDATE orders SET fact_hash = 'x' WHERE id = #order2",
        "is not the one its row knows",
    ),
    Fault(
        "facts_form_a_chain", "facts speak of a subject that is not there",
        "UPDATE fact SET kind = 'fulfilment' WHERE subject = #return1;\n"
        "UPDATE return_request SET fact_seq = 0, fact_hash = '', fact_at = NULL",
        "is of a subject that is not there",
    ),
    Fault(
        "facts_form_a_chain", "a subject lost all its facts",
        "DELETE FROM task WHERE subject = #order2;\nDELETE FROM fact WHERE subject = #order2",
        "fact 0 (none) of order",
        in_sweep=False,
    ),
    Fault(
        "facts_form_a_chain", "a row carries another time than its last fact",
        "UPDATE orders SET fact_at = fact_at + interval '1 second' WHERE id = #order2",
        "is not the one its row knows",
    ),
    Fault(
        "facts_form_a_chain", "a fact in the middle is said to be of another kind",
        "UPDATE fact SET kind = 'order' WHERE subject = #parcel1 AND seq = 2",
        "is of a subject that is not there",
    ),
)  # fmt: skip
