package org.ntk4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ntk4j.shape.Shape;

/**
 * The scales of the weights and biases of every layer of a network, by the layer's path and the option's name ({@code 0.dense/wStd}); those
 * above 0.
 */
final class LayerScales {

    private static final Set<String> OPTIONS = Set.of("wStd", "bStd", "wKeyStd", "wQueryStd", "wValueStd", "wOutStd", "wPosStd");

    private final List<Object> layers;
    private final Map<String, Double> values = new LinkedHashMap<>();

    /** Of the layers that the network stands for, for inputs of this shape. */
    LayerScales(Network network, Shape in, int outputs) {
        List<Object> all = new ArrayList<>();
        network.layers(in, outputs).layers().forEach(layer -> all.add(layer.toYaml()));
        this.layers = all;
        copied(layers, "", values, Map.of());
    }

    /** The scales, first layer to last. */
    Map<String, Double> values() {
        return values;
    }

    /** The network with these scales in place of its own. */
    Network with(Map<String, Double> others) {
        return Network.ofLayers(copied(layers, "", new LinkedHashMap<>(), others));
    }

    private static List<Object> copied(List<?> list, String path, Map<String, Double> found, Map<String, Double> others) {
        List<Object> copy = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            if (item instanceof Map<?, ?> map && map.size() == 1) {
                Map.Entry<?, ?> only = map.entrySet().iterator().next();
                String name = (path.isEmpty() ? "" : path + ".") + i + "." + only.getKey();
                copy.add(Map.of(only.getKey(), value(only.getValue(), name, found, others)));
            } else if (item instanceof List<?> inner) {
                copy.add(copied(inner, path + "." + i, found, others));
            } else {
                copy.add(item);
            }
        }
        return copy;
    }

    private static Object value(Object value, String path, Map<String, Double> found, Map<String, Double> others) {
        if (value instanceof List<?> list) {
            return copied(list, path, found, others);
        }
        if (!(value instanceof Map<?, ?> options)) {
            return value;
        }
        Map<Object, Object> copy = new LinkedHashMap<>();
        options.forEach((key, option) -> {
            String name = path + "/" + key;
            if (OPTIONS.contains(String.valueOf(key)) && option instanceof Number number && number.doubleValue() > 0) {
                found.put(name, number.doubleValue());
                copy.put(key, Objects.requireNonNullElse(others.get(name), number.doubleValue()));
            } else if (option instanceof List<?> || option instanceof Map<?, ?>) {
                copy.put(key, option instanceof List<?> list && list.stream().allMatch(o -> o instanceof Number) ? option
                        : value(option, path + "." + key, found, others));
            } else {
                copy.put(key, option);
            }
        });
        return copy;
    }
}
