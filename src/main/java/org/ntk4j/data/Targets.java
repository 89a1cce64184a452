package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Mistakes;

/** How labels become numbers to be learnt. */
enum Targets {
    /** One-hot minus 1/classes, so that each row sums to 0. */
    CENTRED,
    /** One-hot: 1 for the class, 0 for the others. */
    PLAIN;

    /** The words of the grammar. */
    static final List<String> WORDS = Arrays.stream(values()).map(Targets::toString).toList();

    /** One row for each label, one column for each class. */
    double[][] of(int[] labels, int classes) {
        double zero = this == CENTRED ? -1.0 / classes : 0;
        double[][] rows = new double[labels.length][classes];
        for (int i = 0; i < labels.length; i++) {
            Arrays.fill(rows[i], zero);
            rows[i][labels[i]] = 1 + zero;
        }
        return rows;
    }

    static Targets of(String word) {
        if (!WORDS.contains(word)) {
            throw Failure.input("targets: '" + word + "' is not known" + Mistakes.suggestion(word, WORDS));
        }
        return values()[WORDS.indexOf(word)];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
