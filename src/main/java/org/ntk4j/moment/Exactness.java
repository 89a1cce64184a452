package org.ntk4j.moment;

import java.util.List;
import java.util.Optional;
import org.ntk4j.gaussian.Nonlinearity;

/**
 * What engines that take {@link PlaneStep}s know of the values at a place, to do only what is exact: of {@link Covariance.Origin}, which
 * says the rest, as much as such steps can change.
 *
 * @param gaussian    jointly Gaussian with mean 0
 * @param fresh       independent of what was there before the branch
 * @param independent depends on weights drawn within the branch
 */
public record Exactness(boolean gaussian, boolean fresh, boolean independent) {

    /** That of the inputs. */
    public static final Exactness INPUT = new Exactness(false, false, false);
    /** That behind weights. */
    public static final Exactness LINEAR = new Exactness(true, true, true);

    /** That behind an activation, whose expectations need Gaussian values. */
    public Optional<Exactness> activated(Nonlinearity phi) {
        return gaussian ? Optional.of(new Exactness(phi.isLinear(), false, independent)) : Optional.empty();
    }

    /** That at the beginning of a branch. */
    public Exactness branch() {
        return new Exactness(gaussian, false, false);
    }

    /**
     * That of the sum of branches that began here. Means over the channels would have to be kept where one ends in an activation, and all
     * but one must be fresh.
     *
     * @param ends that of each branch
     */
    public Optional<Exactness> sum(List<Exactness> ends) {
        long stale = ends.stream().filter(end -> !end.fresh).count();
        return stale > 1 || !ends.stream().allMatch(Exactness::gaussian) ? Optional.empty()
                : Optional.of(new Exactness(true, stale == 0 || fresh, independent || ends.stream().anyMatch(Exactness::independent)));
    }

    /**
     * That of the product of branches that began here; all but one must have weights of their own.
     *
     * @param ends that of each branch
     */
    public Optional<Exactness> product(List<Exactness> ends) {
        return ends.stream().filter(end -> !end.independent).count() > 1 ? Optional.empty()
                : Optional.of(new Exactness(false, ends.stream().allMatch(Exactness::fresh), true));
    }

    /** That behind steps; empty where one of them would be inexact. */
    public Optional<Exactness> through(List<PlaneStep> steps) {
        Optional<Exactness> state = Optional.of(this);
        for (PlaneStep step : steps) {
            state = state.flatMap(before -> before.after(step));
        }
        return state;
    }

    private Optional<Exactness> after(PlaneStep step) {
        if (step instanceof PlaneStep.Linear || step instanceof PlaneStep.Attend) {
            return Optional.of(LINEAR);
        } else if (step instanceof PlaneStep.Activate a) {
            return activated(a.phi());
        } else if (step instanceof PlaneStep.Normalize) {
            return Optional.of(this).filter(Exactness::gaussian);
        } else if (step instanceof PlaneStep.Drop) {
            return Optional.of(new Exactness(false, fresh, independent));
        } else if (step instanceof PlaneStep.Chain c) {
            return through(c.steps());
        } else if (step.ways().isEmpty()) {
            return Optional.of(this);
        }
        List<Optional<Exactness>> ends = step.ways().stream().map(way -> branch().through(way)).toList();
        if (ends.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        List<Exactness> known = ends.stream().map(Optional::get).toList();
        return step instanceof PlaneStep.Sum ? sum(known) : step instanceof PlaneStep.Product ? product(known)
                : Optional.of(new Exactness(false, known.stream().allMatch(Exactness::fresh),
                known.stream().anyMatch(Exactness::independent)));
    }
}
