package dev.transvase.core.plugin;

import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.look.DataSourceReport;

/** A plugin's test of a data source; each call goes through {@link InstalledPlugin#call}. */
public record GuardedDataSourceTest(InstalledPlugin plugin, DataSourceTest test) implements DataSourceTest {

    @Override
    public String connect() {
        return plugin.call("testing a data source", test::connect);
    }

    @Override
    public DataSourceReport examine() {
        return plugin.call("examining a data source", test::examine);
    }
}
