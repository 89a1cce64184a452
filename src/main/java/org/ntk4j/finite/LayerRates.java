package org.ntk4j.finite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.layer.Weights;

/**
 * By what the learning rate of each tensor of weights is multiplied: 1, except in the parameterizations {@code meanField} and {@code muP},
 * where with n the fan-in of the readout and s the deviation of the draw it is n s² for steps along the gradient. The steps of Adam do not
 * depend on the gradient's scale: there it is s, and s/√n for the maps between the first and the readout (Yang et al. 2022, table 3).
 */
final class LayerRates {

    private LayerRates() {
    }

    /** For gradient descent, momentum and Nesterov. */
    static Map<String, Double> ofSteps(List<Weights> weights) {
        double n = fanIn(weights);
        Map<String, Double> rates = new LinkedHashMap<>();
        weights.forEach(w -> rates.put(w.name(), w.byWidth() ? n * w.deviation() * w.deviation() : 1));
        return rates;
    }

    /** For Adam and AdamW. */
    static Map<String, Double> ofAdam(List<Weights> weights) {
        double n = fanIn(weights);
        List<Weights> maps = weights.stream().filter(LayerRates::isMap).toList();
        Map<String, Double> rates = new LinkedHashMap<>();
        for (Weights w : weights) {
            boolean between = isMap(w) && w != maps.get(0) && w != maps.get(maps.size() - 1);
            rates.put(w.name(), !w.byWidth() ? 1 : between ? w.deviation() / Math.sqrt(n) : w.deviation());
        }
        return rates;
    }

    /** Of the readout. */
    private static double fanIn(List<Weights> weights) {
        return weights.stream().filter(LayerRates::isMap).reduce((a, b) -> b)
                .map(w -> w.size() / (double) w.shape().get(w.shape().size() - 1)).orElse(1.0);
    }

    private static boolean isMap(Weights w) {
        return w.name().endsWith("W") && w.shape().size() > 1;
    }
}
