package org.ntk4j.activation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.quadrature.Quadrature;

/**
 * An activation without a closed form: its expectations come from a {@link Quadrature}, whose tables are kept with it.
 */
abstract class ByQuadrature implements Activation {

    private final AtomicReference<Quadrature> quadrature = new AtomicReference<>();

    /** What its expectations are computed with; made once, when they are asked for. */
    abstract Quadrature made();

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
        return List.of(String.format(Locale.ROOT, "%s: by quadrature; a doubled rule differs by %.0e of its expectations' scale",
                name(), quadrature().error()));
    }

    private Quadrature quadrature() {
        if (quadrature.get() == null) {
            quadrature.compareAndSet(null, made());
        }
        return Objects.requireNonNull(quadrature.get());
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
