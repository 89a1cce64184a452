package org.ntk4j.infinite.tile;

import org.ntk4j.moment.Covariance;

/**
 * Both kernels on a tile, row by row.
 *
 * @param nngp K_∞, {@code tile.rows() × tile.columns()} values
 * @param ntk  Θ_∞, as many; of a finite network its tangent kernel, beside which {@code nngp} is 0
 */
public record TileValues(Tile tile, double[] nngp, double[] ntk) {

    public TileValues {
        if (nngp.length != tile.size() || ntk.length != tile.size()) {
            throw new IllegalArgumentException(nngp.length + " and " + ntk.length + " values are not a tile of " + tile.rows() + " × "
                    + tile.columns());
        }
    }

    /**
     * What a covariance holds at the end of a network.
     *
     * @param diagonal whether the tile lies along the diagonal of a symmetric kernel
     */
    public static TileValues of(Tile t, boolean diagonal, Covariance c) {
        int width = t.columns();
        double[] nngp = new double[Math.multiplyExact(t.rows(), width)];
        double[] ntk = new double[nngp.length];
        for (int i = 0; i < t.rows(); i++) {
            for (int j = diagonal ? i : 0; j < width; j++) {
                double[] both = c.at(i, j, diagonal && i == j);
                nngp[i * width + j] = both[0];
                ntk[i * width + j] = both[1];
            }
        }
        TileValues values = new TileValues(t, nngp, ntk);
        return diagonal ? values.mirrored() : values;
    }

    /** On a tile along the diagonal of a symmetric kernel: the upper half copied onto the lower one, in place. */
    public TileValues mirrored() {
        int n = tile.rows();
        for (int i = 1; i < n; i++) {
            for (int j = 0; j < i; j++) {
                nngp[i * n + j] = nngp[j * n + i];
                ntk[i * n + j] = ntk[j * n + i];
            }
        }
        return this;
    }
}
