package dev.transvase.demo;

import java.util.List;

/**
 * One table of the demo and the job that moves it.
 *
 * @param name as SQL writes it, quoted where it must be
 * @param job the name of its job file
 */
record DemoTable(String name, String job) {
    /** In the order in which they are moved. */
    static final List<DemoTable> ALL = List.of(
            new DemoTable("shop.orders", "orders.json"),
            new DemoTable("shop.\"Customer-Notes\"", "customer-notes.json"),
            new DemoTable("shop.depots", "depots.json"));
}
