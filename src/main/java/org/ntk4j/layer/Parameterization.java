package org.ntk4j.layer;

/** How the scale of the weights is divided between the draw and the forward pass. */
public enum Parameterization {
    /** W standard normal, wStd/√fanIn in the forward pass (Jacot et al. 2018). */
    NTK("ntk"),
    /** W of deviation wStd/√fanIn, no factor in the forward pass. */
    STANDARD("standard");

    private final String word;

    Parameterization(String word) {
        this.word = word;
    }

    /** The one with this name in the grammar. */
    public static Parameterization of(String word) {
        return word.equals(NTK.word) ? NTK : STANDARD;
    }

    /** Its name in the grammar. */
    @Override
    public String toString() {
        return word;
    }
}
