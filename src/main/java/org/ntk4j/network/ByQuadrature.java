package org.ntk4j.network;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ntk4j.infinite.Pairs;
import org.ntk4j.infinite.PolarQuadrature;

/**
 * An activation without a closed form: it gives φ and φ', both smooth but for a kink at 0, and the expectations come from
 * {@link PolarQuadrature}, whose tables are kept with it.
 */
abstract class ByQuadrature implements Activation {

    private final AtomicReference<PolarQuadrature> quadrature = new AtomicReference<>();

    /** φ'(x) for x ≠ 0. */
    abstract double derivative(double x);

    @Override
    public Map<String, Object> options() {
        return Map.of();
    }

    @Override
    public final void expectations(Pairs pairs) {
        quadrature().expectations(pairs);
    }

    @Override
    public List<String> notes() {
        return List.of(String.format(Locale.ROOT, "%s: by quadrature; a doubled rule differs by %.0e of the kernel's scale (variances of 0.1 to 10)",
                name(), quadrature().error()));
    }

    private PolarQuadrature quadrature() {
        quadrature.compareAndSet(null, PolarQuadrature.of(this::value, this::derivative));
        return quadrature.get();
    }

    @Override
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
