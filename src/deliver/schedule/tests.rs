//! Properties of schedules, without a network and without a clock.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn options() -> impl Strategy<Value = ScheduleOptions> {
    let share = (0..=1000u32).prop_map(|tenths| format!("{}.{}%", tenths / 10, tenths % 10));
    (any::<u64>(), share, 0..40u32).prop_map(|(seed, share, reorder)| ScheduleOptions {
        seed,
        duplicates: share.parse().unwrap(),
        reorder,
        timing: Timing::Delay("20ms..50ms".parse().unwrap()),
    })
}

/// Returns the schedule of this many payloads, and the largest number of deliveries that were held back.
fn schedule(options: ScheduleOptions, count: u64) -> (Vec<Scheduled<u64>>, usize) {
    let mut schedule = Schedule::new(options);
    let mut deliveries = Vec::new();
    let mut held = 0;
    for payload in 1..=count {
        deliveries.extend(schedule.add(payload, None));
        held = held.max(schedule.held.len());
    }
    deliveries.extend(schedule.finish());
    assert!(schedule.held.is_empty());
    (deliveries, held)
}

/// Returns the payloads of the first deliveries, in their order.
fn first_deliveries(deliveries: &[Scheduled<u64>]) -> Vec<u64> {
    let first = deliveries.iter().filter(|delivery| delivery.copy == 1);
    first.map(|delivery| delivery.payload).collect()
}

proptest! {
    #[test]
    fn each_payload_is_delivered_as_often_as_each_of_its_deliveries_says(
        options in options(), count in 0..300u64,
    ) {
        let (deliveries, _) = schedule(options, count);
        let numbers: Vec<_> = deliveries.iter().map(|delivery| delivery.number).collect();
        prop_assert_eq!(numbers, (1..=deliveries.len() as u64).collect::<Vec<_>>());
        for payload in 1..=count {
            let of_payload = deliveries.iter().filter(|delivery| delivery.payload == payload);
            let of_payload: Vec<_> = of_payload.collect();
            let copies: Vec<_> = of_payload.iter().map(|delivery| delivery.copy).collect();
            prop_assert!(matches!(*copies, [1] | [1, 2]), "{:?}", copies);
            for delivery in of_payload {
                prop_assert_eq!(delivery.copies as usize, copies.len());
                prop_assert_eq!(delivery.payload_number, payload);
            }
        }
    }

    #[test]
    fn duplicates_have_their_share(options in options(), count in 0..1000u64) {
        let (deliveries, _) = schedule(options, count);
        let duplicates = deliveries.len() as u64 - count;
        let in_million = count * u64::from(options.duplicates.per_million());
        let difference = (duplicates * 1_000_000).abs_diff(in_million);
        prop_assert!(difference < 2_000_000, "{duplicates} of {count}: {:?}", options.duplicates);
        prop_assert!(options.duplicates.per_million() != 1_000_000 || duplicates == count);
        prop_assert!(options.duplicates.per_million() != 0 || duplicates == 0);
    }

    #[test]
    fn no_payload_moves_farther_than_the_window(options in options(), count in 0..300u64) {
        let (deliveries, _) = schedule(options, count);
        let order = first_deliveries(&deliveries);
        prop_assert_eq!(order.len() as u64, count);
        for (at, payload) in (1..).zip(&order) {
            prop_assert!(payload.abs_diff(at) <= u64::from(options.reorder));
        }
        prop_assert!(options.reorder > 0 || order.is_sorted());
    }

    #[test]
    fn the_second_delivery_follows_within_its_distance(options in options(), count in 0..300u64) {
        let options = ScheduleOptions { reorder: 0, ..options };
        let (deliveries, _) = schedule(options, count);
        for second in deliveries.iter().filter(|delivery| delivery.copy == 2) {
            let between = deliveries.iter().filter(|delivery| {
                delivery.copy == 1
                    && delivery.payload > second.payload
                    && delivery.number < second.number
            });
            prop_assert!(between.count() as u64 <= u64::from(DUPLICATE_DISTANCE));
            let first = deliveries.iter().find(|delivery| delivery.payload == second.payload);
            prop_assert!(first.unwrap().number < second.number);
        }
    }

    #[test]
    fn what_is_held_back_is_bounded(options in options(), count in 0..500u64) {
        let (_, held) = schedule(options, count);
        prop_assert!(held as u64 <= 2 * u64::from(options.reorder + 1 + DUPLICATE_DISTANCE));
    }

    #[test]
    fn delays_are_in_their_range(options in options(), count in 0..100u64) {
        let range = Duration::from_millis(20)..=Duration::from_millis(50);
        for delivery in schedule(options, count).0 {
            prop_assert!(matches!(delivery.start, StartTime::After(delay) if range.contains(&delay)));
        }
    }

    #[test]
    fn the_seed_decides(options in options(), count in 0..200u64) {
        prop_assert_eq!(schedule(options, count), schedule(options, count));
    }

    #[test]
    fn the_start_of_a_schedule_does_not_depend_on_what_follows(
        options in options(), count in 0..100u64, more in 0..100u64,
    ) {
        let (all, _) = schedule(options, count + more);
        let mut started = Schedule::new(options);
        let deliveries: Vec<_> = (1..=count).flat_map(|payload| started.add(payload, None)).collect();
        prop_assert_eq!(&all[..deliveries.len()], &deliveries[..]);
    }

    #[test]
    fn an_option_does_not_change_what_another_one_does(options in options(), count in 0..200u64) {
        let none: Share = "0%".parse().unwrap();
        let single = schedule(ScheduleOptions { duplicates: none, ..options }, count).0;
        let duplicated = schedule(options, count).0;
        prop_assert_eq!(first_deliveries(&single), first_deliveries(&duplicated));
    }
}

#[test]
fn seeds_differ_and_payloads_do_move() {
    let orders: BTreeSet<_> = (0..20)
        .map(|seed| {
            let options = ScheduleOptions {
                seed,
                reorder: 1,
                ..ScheduleOptions::default()
            };
            first_deliveries(&schedule(options, 50).0)
        })
        .collect();
    assert_eq!(orders.len(), 20);
    assert!(orders.iter().all(|order| !order.is_sorted()));
}

#[test]
fn without_options_each_payload_is_returned_at_once() {
    let mut schedule = Schedule::new(ScheduleOptions::default());
    for payload in 1..=3 {
        let deliveries = schedule.add(payload, None);
        let start = StartTime::After(Duration::ZERO);
        let [delivery] = &*deliveries else {
            panic!("{deliveries:?}");
        };
        assert_eq!((delivery.payload, delivery.number), (payload, payload));
        assert_eq!(delivery.start, start);
    }
}
