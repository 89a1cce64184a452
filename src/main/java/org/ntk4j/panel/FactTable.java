package org.ntk4j.panel;

import java.util.List;
import java.util.Optional;

/** Numbers of one point of a sweep, or of all. */
record FactTable(List<Fact> all) {

    FactTable {
        all = List.copyOf(all);
    }

    FactTable of(Spot spot) {
        return new FactTable(all.stream().filter(f -> f.spot().equals(spot)).toList());
    }

    List<Fact> find(String subject, String reference, String split, String metric) {
        return all.stream().filter(f -> f.is(subject, reference, split, metric)).toList();
    }

    /** On the test set at the network's last step; where that is not known, in the limit. */
    Optional<Fact> trained(String subject, String reference, String metric) {
        List<Fact> found = find(subject, reference, "test", metric);
        return at(found, "trained").or(() -> at(found, "limit")).or(() -> found.stream().findFirst());
    }

    /** On the test set in the limit; where there is none, at the last step. */
    Optional<Fact> limit(String subject, String reference, String metric) {
        List<Fact> found = find(subject, reference, "test", metric);
        return at(found, "limit").or(() -> at(found, "trained")).or(() -> found.stream().findFirst());
    }

    /** On the training set, whatever its step; the last of several. */
    Optional<Fact> train(String subject, String reference, String metric) {
        return find(subject, reference, "train", metric).stream().reduce((a, b) -> b);
    }

    private static Optional<Fact> at(List<Fact> found, String moment) {
        return found.stream().filter(f -> f.at().equals(moment)).findFirst();
    }
}
