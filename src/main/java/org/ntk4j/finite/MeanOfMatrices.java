package org.ntk4j.finite;

/** The mean of matrices and its standard error (Welford 1962). */
final class MeanOfMatrices {
    final int rows;
    final int columns;
    private final double[] mean;
    private final double[] squares;
    private int count;

    MeanOfMatrices(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.mean = new double[Math.multiplyExact(rows, columns)];
        this.squares = new double[mean.length];
    }

    /** This mean, going on from what was kept if that is of these sizes. */
    MeanOfMatrices with(MonteCarlo.Kept kept) {
        if (kept.mean().length != mean.length) {
            return this;
        }
        System.arraycopy(kept.mean(), 0, mean, 0, mean.length);
        System.arraycopy(kept.squares(), 0, squares, 0, squares.length);
        count = kept.count();
        return this;
    }

    void add(double[] values) {
        count++;
        for (int i = 0; i < mean.length; i++) {
            double d = values[i] - mean[i];
            mean[i] += d / count;
            squares[i] += d * (values[i] - mean[i]);
        }
    }

    /** How many matrices there are. */
    int count() {
        return count;
    }

    /** What is kept, so that a later call can go on from it. */
    MonteCarlo.Kept kept() {
        return new MonteCarlo.Kept(count, mean, squares);
    }

    double[] mean() {
        return mean.clone();
    }

    double[] standardErrors() {
        double[] errors = new double[mean.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.sqrt(squares[i] / (count - 1) / count);
        }
        return errors;
    }
}
