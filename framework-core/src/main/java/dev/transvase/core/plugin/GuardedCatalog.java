package dev.transvase.core.plugin;

import dev.transvase.spi.look.DataSourceCatalog;
import dev.transvase.spi.table.TableName;
import java.util.List;

/** A plugin's catalog; each call goes through {@link InstalledPlugin#call}. */
public record GuardedCatalog(InstalledPlugin plugin, DataSourceCatalog catalog) implements DataSourceCatalog {

    @Override
    public List<CatalogTable> tables() {
        return plugin.call("listing tables", catalog::tables);
    }

    @Override
    public List<CatalogColumn> columns(TableName table) {
        return plugin.call("listing columns", () -> catalog.columns(table));
    }

    @Override
    public List<CatalogTable> meant(String pattern, List<CatalogTable> tables) {
        return plugin.call("looking for tables", () -> catalog.meant(pattern, tables));
    }
}
