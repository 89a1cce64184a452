package org.ntk4j.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/** Tiles of the kernels that are wanted, computed in one pass, by the kernels' names. */
record BothTiles(Map<String, HeldTiles> byName) implements Serializable {

    HeldTiles of(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }
}
