package org.ntk4j.grammar;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * A number as it may be written in YAML: {@code 0.1}, {@code sqrt(2)}, {@code 2*PI/3}. The operators, their order, the functions and
 * constants are Java's ({@code Math.} may stand before them), but all numbers are real: {@code 1/3} is a third.
 */
public final class Calculation {

    /** What may stand in one, for a message. */
    static final String KNOWN = "numbers may be calculated with + - * /, brackets, sqrt, cbrt, exp, log, log10, pow, abs, PI and E";

    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.of("sqrt", Math::sqrt, "cbrt", Math::cbrt, "exp", Math::exp,
            "log", Math::log, "log10", Math::log10, "abs", Math::abs);
    private static final Map<String, Double> CONSTANTS = Map.of("PI", Math.PI, "E", Math.E);
    private static final int LONGEST = 200;

    private final String text;
    private int at;

    private Calculation(String text) {
        this.text = text;
    }

    /** The value of a text; empty where it is no number. */
    public static OptionalDouble value(String text) {
        if (text.length() > LONGEST) {
            return OptionalDouble.empty();
        }
        try {
            Calculation calculation = new Calculation(text);
            double value = calculation.sum();
            return calculation.at == text.length() ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private double sum() {
        double value = product();
        while (true) {
            if (takes('+')) {
                value += product();
            } else if (takes('-')) {
                value -= product();
            } else {
                return value;
            }
        }
    }

    private double product() {
        double value = signed();
        while (true) {
            if (takes('*')) {
                value *= signed();
            } else if (takes('/')) {
                value /= signed();
            } else {
                return value;
            }
        }
    }

    private double signed() {
        return takes('-') ? -signed() : takes('+') ? signed() : single();
    }

    private double single() {
        if (takes('(')) {
            return closed(sum());
        }
        int start = at;
        if (at < text.length() && Character.isLetter(text.charAt(at))) {
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            return named(text.substring(start, at).replaceFirst("^Math\\.", ""));
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at > start && at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            at += at < text.length() && "+-".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
        }
        double value = Double.parseDouble(text.substring(start, at));
        blanks();
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private double named(String name) {
        blanks();
        if (CONSTANTS.containsKey(name)) {
            return CONSTANTS.get(name);
        }
        if (name.equals("pow") && takes('(')) {
            double base = sum();
            expect(',');
            return Math.pow(base, closed(sum()));
        }
        DoubleUnaryOperator function = FUNCTIONS.get(name);
        if (function == null) {
            throw new NumberFormatException(name);
        }
        expect('(');
        return function.applyAsDouble(closed(sum()));
    }

    private double closed(double value) {
        expect(')');
        return value;
    }

    private void expect(char c) {
        if (!takes(c)) {
            throw new NumberFormatException(text);
        }
    }

    /** Goes on behind this character, if it is the next. */
    private boolean takes(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            blanks();
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}
