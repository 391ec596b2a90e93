"""What is promised about reminders, and the tests that would notice if it were broken, long runs too."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
SENDING, FAULTS, STORE = "jobs/test_send_reminders", "jobs/test_delivery_faults", "store/test_reminders"

# Each promise: the long run that proves it whole ("" where the small one is all of it), then files and their tests.
PROMISES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "a meeting starts when the clock on its wall first shows its time": ("soak recurrence", {
        "soak/test_recurrence": ("test_a_meeting_starts_when_the_clock_on_the_wall_first_shows_its_time",),
        "domain/test_reminder": ("test_a_meeting_in_the_hour_of_a_clock_change_takes_place_once_that_day",),
    }),
    "occurrences follow each other, and only what is to be left out is": ("", {
        "domain/test_reminder": ("test_occurrences_follow_each_other_week_by_week",),
        "soak/test_recurrence": ("test_what_is_left_out_never_fires_and_nothing_else_is_left_out",),
    }),
    "no order of presses, edits, steps, crashes and time breaks a promise": ("soak model", {
        "soak/test_model": ("test_no_order_of_presses_edits_crashes_and_leaps_of_time_breaks_a_promise",),
    }),
    "killed at any moment, it sends a reminder at most twice and a question at most once": ("soak reminders", {
        "soak/test_reminders": ("test_whenever_the_bot_is_killed_no_promise_is_broken",),
        SENDING: (
            "test_a_crash_after_planning_or_leasing_loses_and_doubles_nothing",
            "test_a_crash_while_sending_repeats_a_reminder_once_and_a_check_in_never",
            "test_what_is_on_its_way_is_noted_before_the_process_ends",
        ),
    }),
    "when the power goes, what lies on the disk is whole": ("", {
        STORE: ("test_sqlite_writes_safely_and_erases_for_good",),
        FAULTS: (
            "test_what_lies_on_the_disk_at_any_step_opens_whole_and_sends_at_most_once_more",
            "test_a_journal_that_was_cut_anywhere_loses_only_its_end",
        ),
    }),
    "several processes claim nothing twice": ("soak claims", {
        "soak/test_claims": (
            "test_four_processes_claim_nothing_twice", "test_without_locks_the_same_count_finds_doubles",
        ),
    }),
    "who lost the lease notes nothing": ("soak claims", {
        "jobs/test_delivery_fencing": ("test_a_process_that_slept_through_its_lease_notes_nothing",),
        FAULTS: ("test_a_lease_of_a_deleted_message_does_not_hold_for_the_one_that_got_its_number",),
    }),
    "one 429 stops all, and uses up no attempt": ("soak claims", {
        "soak/test_claims": ("test_a_429_to_one_of_four_processes_stops_them_all",),
        SENDING: ("test_one_429_stops_everybody_and_uses_up_no_attempt",),
    }),
    "never above the set rate, and at it while many wait": ("soak pace", {
        "soak/test_pace": (
            "test_many_that_are_due_at_once_leave_at_the_set_rate_least_time_left_first",
            "test_four_at_once_never_get_more_than_rate_and_burst_in_any_window",
        ),
    }),
    "who blocked the bot is erased, and nobody else is": ("", {
        SENDING: ("test_who_blocked_the_bot_is_erased_and_written_to_no_more",),
        FAULTS: (
            "test_who_comes_after_somebody_that_left_keeps_their_reminder_when_the_old_message_is_refused",
        ),
    }),
    "a meeting may change between any two steps": ("soak model", {
        SENDING: (
            "test_a_meeting_that_moves_is_never_announced_at_its_old_time",
            "test_who_saved_a_meeting_that_does_not_take_place_is_told_once",
            "test_an_edit_that_fails_leaves_the_reminder_as_it_was",
        ),
        FAULTS: ("test_who_was_reminded_already_hears_of_the_new_time_once_and_is_not_reminded_again",),
    }),
    "late, it sends at most one for each reminder and none for what began": ("", {
        SENDING: (
            "test_a_late_tick_still_reminds_before_the_meeting",
            "test_a_single_reminder_that_was_slept_through_does_not_come_a_week_later",
            "test_a_backlog_brings_at_most_one_message_for_each_reminder",
        ),
    }),
    "a clock that jumps repeats nothing, and clocks that disagree send nothing": ("", {
        SENDING: ("test_a_clock_that_jumps_back_repeats_nothing",),
        FAULTS: ("test_a_clock_that_leaps_a_day_ahead_and_back_repeats_nothing_and_loses_only_that_day",),
        STORE: ("test_clocks_that_disagree_send_nothing",),
    }),
    "new zone rules move the instant, not the day": ("", {
        SENDING: ("test_new_zone_rules_move_the_instant_and_not_the_day",),
    }),
    "a tick costs what is due, however much is stored": ("bench reminders", {
        "services/test_reminder_scale": (
            "test_with_many_stored_a_tick_reads_what_is_due_by_its_index_and_lets_others_in_between",
            "test_however_often_it_is_asked_postgresql_does_not_look_at_all_that_is_stored",
        ),
        STORE: (
            "test_no_step_of_a_tick_looks_at_every_row", "test_postgresql_finds_what_is_due_by_its_partial_indexes",
            "test_a_burst_is_planned_in_parts_that_let_others_in_between",
        ),
    }),
    "both databases hear the same statements": ("", {
        "store/test_delivery_statements": ("test_both_databases_hear_the_same_statements",),
    }),
    "neither the log nor the file tells who asked for what": ("", {
        "jobs/test_delivery_silence": ("test_neither_the_log_nor_the_file_tells_who_asked_for_what",),
        STORE: ("test_after_an_erasure_nothing_is_left_of_it_in_the_file_or_its_journal",),
        SENDING: ("test_what_was_sent_is_not_remembered_for_long",),
    }),
    "one bad row stops no other, and ticks that fail are noticed": ("", {
        SENDING: ("test_one_bad_row_keeps_no_other_waiting", "test_a_fault_while_writing_one_message_stops_no_other"),
        FAULTS: ("test_the_watchdog_sees_ticks_that_never_go_well",),
        "web/test_web": ("test_health_fails_without_database_polls_or_ticks",),
    }),
}  # fmt: skip


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_tests_that_exist(promise: str) -> None:
    run, files = PROMISES[promise]
    for file, names in files.items():
        text = (TESTS / f"{file}.py").read_text(encoding="utf-8")
        there = {
            one.name for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert set(names) <= there, file
    if run:
        where, subject = run.split()
        assert (TESTS / where / f"{subject}.py").is_file()
        assert f'"{subject}"' in (TESTS / where / "__main__.py").read_text(encoding="utf-8")


def test_there_are_eighteen_of_them() -> None:
    assert len(PROMISES) == 18
