package org.ntk4j.gaussian;

/**
 * The expectations of a function as a series in the correlation ρ of u and v, whose coefficients belong to one variance alone. With the
 * normalized Hermite polynomials h_n and {@code a_n(q) = E[φ(√q x) h_n(x)]}, Mehler's formula gives
 * {@code E[φ(u)φ(v)] = Σ a_n(q11) a_n(q22) ρⁿ}. Taken here as {@code a_0 a_0' + q12 V} and {@code E[φ'(u)φ'(v)] = V + ρ V'(ρ)} with
 * {@code V(ρ) = Σ e_n e_n' ρⁿ} and {@code e_n = a_{n+1}/√q}: nothing is divided by a small variance.
 *
 * <p>The fewer terms count the smaller ρ is. So the coefficients are written in sections, each behind its head: what |ρ| times it must be
 * more than 1 for the section to count. A pair begins at the last of the sections that count without a gap, by the larger of its two heads:
 * what it leaves out is, by Cauchy and Schwarz, no more than what the two variances leave out.
 */
public interface Series {

    /**
     * Which powers there are: {@code first, first + step, …}.
     *
     * @param first 0; 1 where V is odd
     * @param step  1; 2 where V is even or odd
     */
    record Powers(int first, int step) {
    }

    /** The powers of ρ in V. */
    Powers powers();

    /**
     * Where the head of a section stands among the values; its coefficients follow. There are four sections of 4 coefficients, and two each
     * of 8, 16, 32 and so on. In the place of the first head, which is not needed, stands a_0.
     */
    static int head(int section) {
        if (section < 4) {
            return 5 * section;
        }
        int doubled = (section - 4) / 2;
        return 4 + (16 << doubled) + 2 * doubled + section % 2 * ((8 << doubled) + 1);
    }

    /**
     * Writes a_0, then the coefficients of V and the heads of their sections.
     *
     * @return how many values were written, beyond which nothing counts
     */
    int write(double variance, double[] to);

    /** Up to which size of the correlation the series is exact at this variance: 1 where it always is, 0 where it never is. */
    double limit(double variance);
}
