package dev.transvase.postgresql.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows the client's certificate to a server that asks for one and trusts one of its authorities. To others it is not shown:
 * a server that asks without need would refuse the connection for it.
 */
final class ClientCertificateChoice extends X509ExtendedKeyManager {

    private static final String ALIAS = "client";

    private final ClientCertificate client;

    ClientCertificateChoice(ClientCertificate client) {
        this.client = client;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] authorities, Socket socket) {
        boolean ofType = Arrays.asList(keyTypes)
                .contains(client.certificate().getPublicKey().getAlgorithm());
        return ofType && isOfOne(authorities) ? ALIAS : null;
    }

    private boolean isOfOne(Principal[] authorities) {
        if (authorities == null || authorities.length == 0) {
            return true;
        }
        List<Principal> trusted = Arrays.asList(authorities);
        return client.chain().stream().anyMatch(certificate -> trusted.contains(certificate.getIssuerX500Principal()));
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] authorities) {
        String alias = chooseClientAlias(new String[] {keyType}, authorities, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return client.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return client.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
