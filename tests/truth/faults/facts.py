from tests.truth.world import Fault

FAULTS = (
    Fault(
        "facts_form_a_chain", "a fact is told differently afterwards",
        """UPDATE fact SET body = '{"who":"Max"}' WHERE subject = #parcel1 AND seq = 2""",
        "fact 2 (parcel_handed_over) of",
    ),
    Fault(
        "facts_form_a_chain", "a fact's time is set back",
        "UPDATE fact SET recorded_at = recorded_at - interval '2 hours' WHERE subject = #parcel1 AND seq = 2",
        "is older than the one before",
    ),
    Fault(
        "facts_form_a_chain", "a fact in the middle is taken out",
        "DELETE FROM task WHERE subject = #parcel1;\nDELETE FROM fact WHERE subject = #parcel1 AND seq = 2",
        "fact 3 (parcel_delivered) of",
    ),
    Fault(
        "chains_end_where_their_subject_says", "the last fact is taken out",
        "DELETE FROM fact WHERE subject = #order1 AND seq = 2",
        "its row says 2, its last fact is 1",
    ),
    Fault(
        "chains_end_where_their_subject_says", "a row carries another hash than its last fact",
        "UPDATE orders SET fact_hash = 'x' WHERE id = #order2",
        "its row says 1, its last fact is 1",
    ),
    Fault(
        "chains_end_where_their_subject_says", "facts speak of a subject that is not there",
        "UPDATE fact SET kind = 'fulfilment' WHERE subject = #return1;\n"
        "UPDATE return_request SET fact_seq = 0, fact_hash = '', fact_at = NULL",
        "its row says 0, its last fact is 1",
    ),
)  # fmt: skip
