#include "sim/certificate.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/ensure.h"
#include "sim/openssl_handles.h"
#include "sim/public_key.h"

namespace zonepin::sim {

namespace {

struct ExtensionRow {
  int nid;
  const char* value;
};
// Its own authority, so that every TLS library takes it from a list of authorities.
constexpr ExtensionRow kExtensionRows[] = {
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,digitalSignature,keyCertSign"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost"},
};

KeyHandle read_private_key(const std::string& pem) {
  const BioHandle bio = memory_bio(pem);
  return KeyHandle(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

void set_names(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes_of("zonepin-sim"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
}

// Random: a client that keeps the certificate of another start must not take this one for it.
void set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  ensure(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1,
         "make_certificate: no random numbers");
  bytes[0] &= 0x7f;  // positive
  const NumberHandle number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void set_life(X509* certificate, Instant now) {
  constexpr int kDays = 365;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  ASN1_TIME_adj(X509_getm_notBefore(certificate), seconds, -1, 0);
  ASN1_TIME_adj(X509_getm_notAfter(certificate), seconds, kDays, 0);
}

void add_extensions(X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  for (const ExtensionRow& row : kExtensionRows) {
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, row.nid, row.value));
    ensure(extension && X509_add_ext(certificate, extension.get(), -1) == 1,
           "make_certificate: an extension");
  }
}

}  // namespace

Certificate make_certificate(Instant now) {
  const std::string key_pem = make_key_pair("ES256").private_pem;
  const KeyHandle key = read_private_key(key_pem);
  const CertificateHandle certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  set_serial(certificate.get());
  set_life(certificate.get(), now);
  set_names(certificate.get());
  X509_set_pubkey(certificate.get(), key.get());
  add_extensions(certificate.get());
  ensure(X509_sign(certificate.get(), key.get(), EVP_sha256()) != 0, "make_certificate: it can't be signed");
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate.get());
  return {text_of(bio.get()), key_pem};
}

bool use_certificate(const Certificate& certificate, ssl_ctx_st& context) {
  const BioHandle bio = memory_bio(certificate.pem);
  const CertificateHandle shown(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const KeyHandle key = read_private_key(certificate.key_pem);
  return shown && key && SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_use_certificate(&context, shown.get()) == 1 &&
         SSL_CTX_use_PrivateKey(&context, key.get()) == 1 && SSL_CTX_check_private_key(&context) == 1;
}

}  // namespace zonepin::sim
