package org.ntk4j.activation;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.gaussian.quadrature.HermiteSeries;
import org.ntk4j.gaussian.quadrature.Quadrature;

/**
 * An activation without a closed form: its expectations come from a {@link Quadrature}, whose tables are kept with it.
 */
abstract class ByQuadrature implements Activation {

    private static final double SIX_DIGITS = 3e-4;
    private static final double TEN_DIGITS = 1e-7;

    private final AtomicReference<Quadrature> quadrature = new AtomicReference<>();
    private final AtomicReference<Optional<HermiteSeries>> single = new AtomicReference<>();
    private final AtomicReference<Optional<HermiteSeries>> full = new AtomicReference<>();

    /** What its expectations are computed with; made once, when they are asked for. */
    abstract Quadrature made();

    @Override
    public final void expectations(Pairs pairs) {
        quadrature().expectations(pairs);
    }

    @Override
    public Optional<Series> series(boolean six) {
        return six ? series(single, SIX_DIGITS) : series(full, TEN_DIGITS);
    }

    private Optional<Series> series(AtomicReference<Optional<HermiteSeries>> kept, double tolerance) {
        Optional<HermiteSeries> known = kept.get();
        if (known == null) {
            known = quadrature().error() <= Quadrature.SMOOTH ? HermiteSeries.of(this::value, tolerance, quadrature()) : Optional.empty();
            kept.set(known);
        }
        return known.map(s -> s);
    }

    @Override
    public List<String> notes() {
        Optional<HermiteSeries> series = full.get();
        double error = Math.max(quadrature().error(), series == null ? 0 : series.map(HermiteSeries::error).orElse(0.0));
        return List.of(Double.isInfinite(error) ? name() + ": by quadrature"
                : String.format(Locale.ROOT, "%s: by quadrature; a doubled rule differs by %.0e of its expectations' scale", name(),
                error));
    }

    private Quadrature quadrature() {
        if (quadrature.get() == null) {
            quadrature.compareAndSet(null, made());
        }
        return Objects.requireNonNull(quadrature.get());
    }

    /** An activation of a class has no options, and a class of its own. */
    @Override
    @SuppressWarnings("EqualsGetClass")
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public int hashCode() {
        return getClass().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
