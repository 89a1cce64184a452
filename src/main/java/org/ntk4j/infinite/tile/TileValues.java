package org.ntk4j.infinite.tile;

/**
 * Both kernels on a tile, row by row.
 *
 * @param nngp K_∞, {@code tile.rows() × tile.columns()} values
 * @param ntk  Θ_∞, as many
 */
public record TileValues(Tile tile, double[] nngp, double[] ntk) {

    public TileValues {
        if (nngp.length != tile.size() || ntk.length != tile.size()) {
            throw new IllegalArgumentException(nngp.length + " and " + ntk.length + " values are not a tile of " + tile.rows() + " × "
                    + tile.columns());
        }
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
