package org.ntk4j.network;

import java.util.Map;
import java.util.OptionalInt;
import org.ntk4j.activation.Activation;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/** Options that several shortcuts have. */
final class Shortcuts {

    private static final int MOST_OUTPUTS = 1 << 24;

    private Shortcuts() {
    }

    /** The number of outputs; {@code auto} counts as not given. */
    static OptionalInt outputs(Options o) {
        boolean auto = o.entry("outputs").filter(e -> e instanceof Entry.Scalar s && s.text().equals("auto")).isPresent();
        return auto ? OptionalInt.empty() : o.optionalInteger("outputs", 1, MOST_OUTPUTS);
    }

    static void write(Map<String, Object> options, OptionalInt outputs) {
        options.put("outputs", outputs.isPresent() ? (Object) outputs.getAsInt() : "auto");
    }

    static Activation activation(Options o, Activation fallback) {
        return o.entry("activation").map(e -> Grammar.activation(e, o.sub("activation"), o.mistakes())).orElse(fallback);
    }
}
