package org.ntk4j.activation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code polynomial}: φ(x) = Σ_j c_j x^j. By Hermite expansion {@code E[φφ] = Σ_k A_k(q11) A_k(q22) q12^k} with
 * {@code A_k(q) = Σ_m c_(k+2m) (k+2m)!/(2^m m! √k!) q^m}, and {@code E[φ'φ']} is its derivative by q12.
 *
 * @param coefficients c_0, c_1, …, at least one
 */
public record Polynomial(List<Double> coefficients) implements Activation {

    public Polynomial {
        coefficients = List.copyOf(coefficients);
        if (coefficients.isEmpty() || coefficients.size() > Monomial.HIGHEST + 1) {
            throw Failure.input("polynomial: 1 to " + (Monomial.HIGHEST + 1) + " coefficients are needed, not " + coefficients.size());
        }
        if (!coefficients.stream().allMatch(Double::isFinite)) {
            throw Failure.input("polynomial: coefficients must be numbers, not " + coefficients);
        }
    }

    public static Polynomial read(Options o) {
        List<Double> given = o.reals("coefficients", List.of());
        if (given.isEmpty() || given.size() > Monomial.HIGHEST + 1) {
            o.mistakes().add(o.place(), o.path() + ": 'coefficients' is " + (given.isEmpty() ? "missing" : "too long") + ": a list of 1 to "
                    + (Monomial.HIGHEST + 1) + " numbers, the constant first");
            return new Polynomial(List.of(0.0));
        }
        return new Polynomial(given);
    }

    @Override
    public String name() {
        return "polynomial";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("coefficients", coefficients);
    }

    @Override
    public boolean isLinear() {
        for (int j = 0; j < coefficients.size(); j++) {
            if (j != 1 && coefficients.get(j) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double value(double x) {
        double sum = 0;
        for (int j = coefficients.size() - 1; j >= 0; j--) {
            sum = sum * x + coefficients.get(j);
        }
        return sum;
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> sum = tf.math.mul(x, Numbers.like(tf, x, 0));
        for (int j = coefficients.size() - 1; j >= 0; j--) {
            Operand<TFloating> c = Numbers.like(tf, x, coefficients.get(j));
            sum = tf.math.add(j == coefficients.size() - 1 ? sum : tf.math.mul(sum, x), c);
        }
        return sum;
    }

    @Override
    public void expectations(Pairs p) {
        int n = p.n;
        double[] power = p.work;
        Arrays.fill(power, 0, n, 1);
        Arrays.fill(p.value, 0, n, 0);
        Arrays.fill(p.slope, 0, n, 0);
        for (int k = 0; k < coefficients.size(); k++) {
            double[] a = projection(k);
            horner(a, p.q11, n, p.scratch, 0);
            horner(a, p.q22, n, p.scratch, n);
            for (int i = 0; i < n; i++) {
                double product = p.scratch[i] * p.scratch[n + i];
                double before = power[i];
                power[i] = k == 0 ? 1 : before * p.q12[i];
                p.value[i] += product * power[i];
                p.slope[i] += k * (product * before);
            }
        }
    }

    /** The coefficients of A_k as a polynomial of q. */
    private double[] projection(int k) {
        double factor = 1;
        for (int j = 2; j <= k; j++) {
            factor *= Math.sqrt(j);
        }
        double[] a = new double[(coefficients.size() - 1 - k) / 2 + 1];
        for (int m = 0; m < a.length; m++) {
            a[m] = coefficients.get(k + 2 * m) * factor;
            factor *= (k + 2.0 * m + 1) * (k + 2.0 * m + 2) / (2.0 * (m + 1));
        }
        return a;
    }

    private static void horner(double[] a, double[] q, int n, double[] result, int at) {
        Arrays.fill(result, at, at + n, a[a.length - 1]);
        for (int m = a.length - 2; m >= 0; m--) {
            double c = a[m];
            for (int i = 0; i < n; i++) {
                result[at + i] = result[at + i] * q[i] + c;
            }
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm value = p.q12().times(0);
            GraphTerm slope = value;
            GraphTerm power = value.plus(1);
            for (int k = 0; k < coefficients.size(); k++) {
                double[] a = projection(k);
                GraphTerm product = horner(a, p.q11()).times(horner(a, p.q22()));
                slope = k == 0 ? slope : slope.plus(product.times(k).times(power));
                power = k == 0 ? power : power.times(p.q12());
                value = value.plus(product.times(power));
            }
            return new GraphForm.Expectations(value, slope);
        });
    }

    private static GraphTerm horner(double[] a, GraphTerm q) {
        GraphTerm result = q.times(0).plus(a[a.length - 1]);
        for (int m = a.length - 2; m >= 0; m--) {
            result = result.times(q).plus(a[m]);
        }
        return result;
    }
}
