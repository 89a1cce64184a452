package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The quotients of {@link Angle} in vector instructions: each precision has polynomials of its own. */
final class VectorAngle {

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private VectorAngle() {
    }

    /** That of {@link Angle}. */
    static DoubleVector quotient(DoubleVector x) {
        DoubleVector p = DoubleVector.broadcast(DOUBLES, Angle.P5).fma(x, DoubleVector.broadcast(DOUBLES, Angle.P4))
                .fma(x, DoubleVector.broadcast(DOUBLES, Angle.P3)).fma(x, DoubleVector.broadcast(DOUBLES, Angle.P2))
                .fma(x, DoubleVector.broadcast(DOUBLES, Angle.P1)).fma(x, DoubleVector.broadcast(DOUBLES, Angle.P0));
        DoubleVector q = x.add(DoubleVector.broadcast(DOUBLES, Angle.Q5)).fma(x, DoubleVector.broadcast(DOUBLES, Angle.Q4))
                .fma(x, DoubleVector.broadcast(DOUBLES, Angle.Q3)).fma(x, DoubleVector.broadcast(DOUBLES, Angle.Q2))
                .fma(x, DoubleVector.broadcast(DOUBLES, Angle.Q1)).fma(x, DoubleVector.broadcast(DOUBLES, Angle.Q0));
        return p.div(q);
    }

    /** That of {@link Angle}. */
    static FloatVector quotient(FloatVector x) {
        FloatVector p = FloatVector.broadcast(FLOATS, Angle.F2).fma(x, FloatVector.broadcast(FLOATS, Angle.F1))
                .fma(x, FloatVector.broadcast(FLOATS, Angle.F0));
        FloatVector q = x.add(FloatVector.broadcast(FLOATS, Angle.G2)).fma(x, FloatVector.broadcast(FLOATS, Angle.G1))
                .fma(x, FloatVector.broadcast(FLOATS, Angle.G0));
        return p.div(q);
    }
}
