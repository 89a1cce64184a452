package org.ntk4j.study.option;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/**
 * How much of the kernels' spectra is wanted: {@code all}, {@code none}, or {@code {top: k}}. An eigendecomposition of the whole takes a
 * hundred times as long as a regression.
 *
 * @param count how many eigenvalues, the largest first; all where it is the largest whole number; empty: all of up to {@value #WHOLE}
 *              inputs, else none
 */
public record SpectrumOption(OptionalInt count) {

    /** Up to this many inputs the whole spectrum is the default. */
    static final int WHOLE = 4000;

    public SpectrumOption {
        if (count.isPresent() && count.getAsInt() < 0) {
            throw Failure.input("spectrum: the number of eigenvalues must be at least 0, not " + count.getAsInt());
        }
    }

    /** All where there are few inputs, else none. */
    public static SpectrumOption byDefault() {
        return new SpectrumOption(OptionalInt.empty());
    }

    /** The k largest. */
    public static SpectrumOption top(int k) {
        if (k < 1) {
            throw Failure.input("spectrum: top must be at least 1, not " + k);
        }
        return new SpectrumOption(OptionalInt.of(k));
    }

    /** Reads what stands under {@code spectrum}. */
    public static SpectrumOption read(Options o) {
        Optional<Entry> entry = o.entry("spectrum");
        if (entry.isEmpty()) {
            return byDefault();
        }
        if (entry.get() instanceof Entry.Mapping) {
            Options inside = o.nested("spectrum");
            int top = inside.requiredInteger("top", 1, Integer.MAX_VALUE - 1);
            inside.finish();
            return new SpectrumOption(OptionalInt.of(top));
        }
        String word = entry.get() instanceof Entry.Scalar s ? s.text() : "";
        if (!word.equals("all") && !word.equals("none")) {
            o.mistake("spectrum", entry.get().describe() + " is not known; allowed: all, none, or {top: k}");
            return byDefault();
        }
        return new SpectrumOption(OptionalInt.of(word.equals("all") ? Integer.MAX_VALUE : 0));
    }

    /** How many eigenvalues are wanted of a kernel of this number of inputs. */
    public int of(int inputs) {
        return Math.min(inputs, count.orElse(inputs <= WHOLE ? inputs : 0));
    }

    /** Whether all of them are wanted. */
    public boolean whole(int inputs) {
        return of(inputs) == inputs;
    }

    /** As it is written in YAML, for this number of inputs. */
    public Object toYaml(int inputs) {
        int wanted = count.orElse(inputs <= WHOLE ? Integer.MAX_VALUE : 0);
        return wanted == Integer.MAX_VALUE ? "all" : wanted == 0 ? "none" : Map.of("top", wanted);
    }
}
