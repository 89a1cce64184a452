package org.ntk4j.layer;

import java.util.Map;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;

/** The scales of weights and biases that all linear layers share: {@code wStd}, {@code bStd}. */
public final class Scales {

    private static final double MOST = 1e100;

    private Scales() {
    }

    public static double wStd(Options o) {
        double wStd = o.real("wStd", 1, 0, MOST);
        if (wStd == 0) {
            o.mistake("wStd", "0 is not a number above 0");
            return 1;
        }
        return wStd;
    }

    public static OptionalDouble bStd(Options o) {
        return o.optionalReal("bStd", 0, MOST);
    }

    public static void write(Map<String, Object> options, double wStd, OptionalDouble bStd) {
        options.put("wStd", wStd);
        options.put("bStd", bStd.isPresent() ? (Object) bStd.getAsDouble() : "none");
    }

    static void check(String layer, double wStd, OptionalDouble bStd) {
        if (!(wStd > 0 && wStd <= MOST)) {
            throw Failure.input(layer + ": wStd of " + wStd + " is not a number above 0");
        }
        if (bStd.isPresent() && !(bStd.getAsDouble() >= 0 && bStd.getAsDouble() <= MOST)) {
            throw Failure.input(layer + ": bStd of " + bStd.getAsDouble() + " is not a number from 0");
        }
    }
}
