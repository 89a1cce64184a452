package org.ntk4j.infinite.plane;

import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.rows.Rows;

/**
 * What the tiles of all threads have in common.
 *
 * @param least  the least variance but 0
 * @param most   the largest one: products of two are held
 * @param shared what is made once for all of them
 * @param <A>    the arrays of their numbers
 */
record PlaneTiles<A>(PlaneStages planes, Rows<A> rows, InputGram side1, InputGram side2, double least, double most,
        SharedImages<A> shared) {

    PlaneTiles(PlaneStages planes, Rows<A> rows, InputGram side1, InputGram side2, double least, double most) {
        this(planes, rows, side1, side2, least, most, new SharedImages<>(planes, side1, side2));
    }

    /** In numbers of this precision. */
    static PlaneTiles<?> of(PlaneStages planes, Precision precision, InputGram side1, InputGram side2) {
        return precision == Precision.FLOAT32 ? new PlaneTiles<>(planes, Rows.float32(), side1, side2, 1e-15, 1e15)
                : new PlaneTiles<>(planes, Rows.float64(), side1, side2, 1e-140, 1e140);
    }

    Precision precision() {
        return rows.isSingle() ? Precision.FLOAT32 : Precision.FLOAT64;
    }

    /**
     * What computes tiles in one thread.
     *
     * @param tangents whether Θ is asked for, or K alone
     */
    PlaneTile<A> tile(boolean tangents) {
        return new PlaneTile<>(this, tangents);
    }

    /** Whether these numbers hold the variances of all inputs. */
    boolean holds() {
        return tile(true).holds(side1, side2);
    }
}
